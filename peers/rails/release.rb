# Makes the table that activerecord-session_store's generator writes a migration for; the other stores need nothing.
exit unless ENV["STORE"] == "database"

require_relative "config/application"
Rails.application.initialize!

ActiveRecord::Schema.define do
  create_table :sessions, if_not_exists: true do |t|
    t.string :session_id, null: false
    t.text :data
    t.timestamps
  end
  add_index :sessions, :session_id, unique: true, if_not_exists: true
  add_index :sessions, :updated_at, if_not_exists: true
end
