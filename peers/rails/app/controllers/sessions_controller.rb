# The routes of SPEC.md that an app with sessions has anyway.
class SessionsController < ActionController::Base
  BOOT_ID = SecureRandom.hex(8)

  skip_forgery_protection # an API; a form would send its token
  before_action { response.headers.merge!("x-dyno" => ENV.fetch("DYNO", "local"), "x-boot-id" => BOOT_ID) }

  def plain = render(json: { session: nil })

  def show = render(json: body)

  def visit
    session[:visits] = (session[:visits] || 0) + 1
    session[:note] = params[:note] if params[:note]
    render json: body
  end

  def sign_in
    kept = { visits: session[:visits] || 0, note: session[:note] }
    reset_session # a new id at sign-in, against session fixation (Rails' security guide, 2.8)
    session.update(**kept, user: { name: params[:name] })
    render json: body
  end

  def destroy
    reset_session
    head :no_content
  end

  private

  def body
    return { app: "rails", session: nil } if session[:visits].nil?

    fingerprint = Digest::SHA256.hexdigest(session.id.public_id)[0, 16]
    { app: "rails", session: { fingerprint:, **session.to_hash.symbolize_keys.slice(:visits, :note, :user) } }
  end
end
