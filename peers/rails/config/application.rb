# One Rails app on four session stores, configured as the Rails guides say ("Session", "Caching"). STORE names the store.
require "logger"
require "action_controller/railtie"
if ENV["STORE"] == "database"
  require "active_record/railtie"
  require "activerecord/session_store"
end
require "active_support/core_ext/integer/time"

class Peer < Rails::Application
  config.load_defaults Rails::VERSION::STRING.to_f
  config.eager_load = true
  config.hosts.clear # the local router has a new port each time; on Heroku name the app's own host
  config.force_ssl = true # Heroku's router ends TLS; this makes cookies Secure

  case ENV.fetch("STORE")
  when "cookie"
    config.session_store :cookie_store, key: "_peer_session"
  when "database"
    config.session_store :active_record_store, key: "_peer_session", expire_after: 14.days
  when "memcached"
    credentials = { username: ENV["MEMCACHIER_USERNAME"], password: ENV["MEMCACHIER_PASSWORD"] }
    config.cache_store = :mem_cache_store, *ENV.fetch("MEMCACHIER_SERVERS").split(","), credentials
    config.session_store :cache_store, key: "_peer_session", expire_after: 14.days
  when "file"
    config.cache_store = :file_store, Rails.root.join("tmp/cache")
    config.session_store :cache_store, key: "_peer_session", expire_after: 14.days
  end
end
