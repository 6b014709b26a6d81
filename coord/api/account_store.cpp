#include "coord/api/account_store.hpp"

#include <sodium.h>

#include <array>

namespace cresset::coord::api {

namespace {

http::account account_from(const incident::user& user) {
  return {user.login, user.id.value, user.password_hash, rights_of(user.role)};
}

/// Four groups of five letters and digits that are not mistaken for each other: about 98 bits.
std::string random_password() {
  constexpr std::string_view alphabet = "abcdefghijkmnpqrstuvwxyz23456789";
  std::string text;
  for (int i = 0; i < 20; ++i) {
    if (i > 0 && i % 5 == 0)
      text += '-';
    text += alphabet[::randombytes_uniform(static_cast<std::uint32_t>(alphabet.size()))];
  }
  return text;
}

} // namespace

expected<std::optional<http::account>, std::string>
account_store::find_account(std::string_view name) {
  if (!incident::is_login(name))
    return std::optional<http::account>{};
  const auto found = users_.find(name);
  if (!found && found.error().why != incident::store_errc::not_found)
    return unexpected{found.error().text};
  if (!found || found->disabled)
    return std::optional<http::account>{};
  return std::optional{account_from(*found)};
}

expected<void, std::string> account_store::keep_session(const http::session_hash& hash,
                                                        std::string_view name,
                                                        std::chrono::seconds lifetime) {
  const auto user = users_.find(name);
  if (!user)
    return unexpected{user.error().text};
  const auto begun = now();
  if (const auto kept = users_.begin_session(hash, {user->id, begun, begun + lifetime}); !kept)
    return unexpected{kept.error().text};
  return {};
}

expected<std::optional<http::kept_session>, std::string>
account_store::find_session(const http::session_hash& hash) {
  const auto session = users_.find_session(hash);
  if (!session && session.error().why != incident::store_errc::not_found)
    return unexpected{session.error().text};
  if (!session)
    return std::optional<http::kept_session>{};
  const auto user = users_.find(session->user);
  if (!user && user.error().why != incident::store_errc::not_found)
    return unexpected{user.error().text};
  if (!user || user->disabled)
    return std::optional<http::kept_session>{};
  return std::optional{http::kept_session{
      account_from(*user), std::chrono::floor<std::chrono::seconds>(session->expires - now())}};
}

expected<void, std::string> account_store::drop_session(const http::session_hash& hash) {
  const auto dropped = users_.end_session(hash);
  if (!dropped && dropped.error().why != incident::store_errc::not_found)
    return unexpected{dropped.error().text};
  return {};
}

incident::result<std::optional<std::string>> make_first_account(incident::user_repository& users) {
  const auto empty = users.is_empty();
  if (!empty)
    return unexpected{empty.error()};
  if (!*empty)
    return std::optional<std::string>{};
  std::string password = random_password();
  const auto hash = http::hash_password(password);
  if (!hash)
    return unexpected{
        incident::store_error{incident::store_errc::broken, "no memory to hash a password"}};
  incident::user admin;
  admin.login = "admin";
  admin.full_name = "First administrator";
  admin.password_hash = *hash;
  admin.role = incident::user_role::administrator;
  if (const auto added = users.add(admin, "first start"); !added)
    return unexpected{added.error()};
  return std::optional{std::move(password)};
}

} // namespace cresset::coord::api
