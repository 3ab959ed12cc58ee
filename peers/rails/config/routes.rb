Rails.application.routes.draw do
  get "/api/plain", to: "sessions#plain"
  get "/api/session", to: "sessions#show"
  post "/api/session", to: "sessions#visit"
  delete "/api/session", to: "sessions#destroy"
  post "/sign-in", to: "sessions#sign_in"
  post "/sign-out", to: "sessions#destroy"
end
