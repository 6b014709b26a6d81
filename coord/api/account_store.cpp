#include "coord/api/account_store.hpp"

#include "capture/base/log.hpp"
#include "coord/people/totp.hpp"

#include <sodium.h>

#include <algorithm>
#include <utility>

namespace cresset::coord::api {

namespace {

template <typename Value>
using answer = expected<Value, std::string>;

/// Nothing for `not_found`, an error for all else.
template <typename Value>
answer<std::optional<Value>> found_or_not(incident::result<Value> found) {
  if (found)
    return std::optional<Value>{*std::move(found)};
  if (found.error().why == incident::store_errc::not_found)
    return std::optional<Value>{};
  return unexpected{found.error().text};
}

http::account account_from(const incident::user& user) {
  return {user.login, user.id.value, user.password_hash, rights_of(user), user.has_second_factor};
}

bool is_code(std::string_view text) noexcept {
  return text.size() == coord::people::totp_digits &&
         std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

bool refusal_allowance::take(timestamp at, std::uint64_t& left_out) {
  if (at > filled_) {
    const auto more = (at - filled_) / each;
    left_ = static_cast<int>(std::min<std::int64_t>(at_once, left_ + more));
    filled_ = left_ == at_once ? at : filled_ + more * each;
  }
  if (left_ == 0) {
    ++left_out_;
    return false;
  }
  --left_;
  left_out = std::exchange(left_out_, 0);
  return true;
}

http::right_set rights_of(const incident::user& user) noexcept {
  return user.must_change ? http::right_set{http::right::member} : rights_of(user.role);
}

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

answer<std::optional<http::account>> account_store::find_account(std::string_view name) {
  if (!incident::is_login(name))
    return std::optional<http::account>{};
  const auto found = found_or_not(users_.find(name));
  if (!found)
    return unexpected{found.error()};
  if (!*found || (*found)->disabled)
    return std::optional<http::account>{};
  return std::optional{account_from(**found)};
}

answer<std::optional<http::account>> account_store::account_of(incident::user_id id) {
  const auto found = found_or_not(users_.find(id));
  if (!found)
    return unexpected{found.error()};
  if (!*found || (*found)->disabled)
    return std::optional<http::account>{};
  return std::optional{account_from(**found)};
}

/// Six digits are an authenticator's; anything else may be a recovery code.
answer<bool> account_store::take_code(const http::account& of, std::string_view code) {
  if (credentials_ == nullptr)
    return false;
  const incident::user_id owner{of.number};
  const auto at = now();
  const auto said = [](incident::result<bool> right) -> answer<bool> {
    if (!right)
      return unexpected{right.error().text};
    return *right;
  };
  if (!is_code(code)) {
    const auto recovery = coord::people::recovery_code_from(code);
    if (!recovery)
      return false;
    return said(credentials_->use_recovery_code(owner, box_->digest(*recovery, of.number), at));
  }
  const auto factor = credentials_->factor(owner);
  if (!factor)
    return unexpected{factor.error().text};
  const auto secret = coord::people::totp_secret_from(box_->open(factor->sealed, of.number));
  if (!secret) {
    log(log_level::error, "people",
        "the second factor of {} does not open: second-factor.key is not the one it was sealed "
        "with",
        of.name);
    return false;
  }
  const auto step = coord::people::find_totp_step(*secret, code, at, factor->used_step);
  if (!step)
    return false;
  return said(credentials_->use_step(owner, *step));
}

answer<void> account_store::keep_session(const http::new_session& begun) {
  const auto user = users_.find(begun.name);
  if (!user)
    return unexpected{user.error().text};
  const auto at = now();
  const incident::session what{user->id, at, at + begun.lifetime, std::string{begun.peer}, {}, at};
  if (const auto kept = users_.begin_session(begun.hash, what); !kept)
    return unexpected{kept.error().text};
  return {};
}

answer<std::optional<http::kept_session>>
account_store::find_session(const http::session_hash& hash, std::chrono::seconds idle) {
  const auto at = now();
  const auto session = found_or_not(users_.use_session(hash, at, idle));
  if (!session)
    return unexpected{session.error()};
  if (!*session)
    return std::optional<http::kept_session>{};
  const auto who = account_of((*session)->user);
  if (!who)
    return unexpected{who.error()};
  if (!*who)
    return std::optional<http::kept_session>{};
  return std::optional{http::kept_session{
      **who, std::chrono::floor<std::chrono::seconds>((*session)->expires - at)}};
}

answer<void> account_store::drop_session(const http::session_hash& hash) {
  const auto dropped = users_.end_session(hash);
  if (!dropped && dropped.error().why != incident::store_errc::not_found)
    return unexpected{dropped.error().text};
  return {};
}

answer<std::optional<http::account>> account_store::find_token(std::string_view token) {
  if (credentials_ == nullptr || !coord::people::is_token(token))
    return std::optional<http::account>{};
  const auto found =
      found_or_not(credentials_->find_token(coord::people::hash_of_token(token), now()));
  if (!found)
    return unexpected{found.error()};
  if (!*found)
    return std::optional<http::account>{};
  auto owner = account_of((*found)->owner);
  if (owner && *owner)
    (*owner)->rights = (*owner)->rights & http::right_set::of_bits((*found)->scope);
  return owner;
}

answer<std::optional<http::account>>
account_store::find_certificate(const http::peer_certificate& shown) {
  if (credentials_ == nullptr)
    return std::optional<http::account>{};
  const auto owner = found_or_not(credentials_->owner_of(shown.fingerprint, shown.subject));
  if (!owner)
    return unexpected{owner.error()};
  return *owner ? account_of(**owner) : std::optional<http::account>{};
}

/// A name that nobody has may be a password typed into the wrong field: it is not written down.
void account_store::note_refusal(std::string_view name, std::string_view peer,
                                 http::login_refusal why) {
  if (why != http::login_refusal::wrong && why != http::login_refusal::wait)
    return;
  const bool is_known = incident::is_login(name) && users_.find(name).has_value();
  note(is_known ? name : "nobody",
       "sign-in refused (" + std::string{to_string(why)} + ") from " + std::string{peer} +
           (is_known ? " for " + std::string{name} : std::string{" for a name nobody has"}));
}

void account_store::note_forbidden(const http::request& r, const http::route& of) {
  note(r.who->name, of.act() + " refused: needs the right " + std::string{to_string(of.needs)});
}

void account_store::note(std::string_view by, std::string sentence) {
  const auto at = now();
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock{mutex_};
    if (!allowance_.take(at, left_out))
      return;
  }
  if (left_out > 0)
    sentence += " (and " + std::to_string(left_out) + " refusals before it that were not written)";
  if (const auto written = users_.note_refusal(by, sentence, at); !written)
    log(log_level::warning, "people", "a refusal is not in the journal: {}", written.error().text);
}

incident::result<std::optional<std::string>> make_first_account(incident::user_repository& users,
                                                                bool must_change) {
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
  admin.must_change = must_change;
  if (const auto added = users.add(admin, "first start"); !added)
    return unexpected{added.error()};
  return std::optional{std::move(password)};
}

} // namespace cresset::coord::api
