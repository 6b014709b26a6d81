#include "coord/http/login.hpp"

#include "coord/http/session_table.hpp"

#include <sodium.h>

#include <array>
#include <mutex>
#include <stdexcept>

namespace cresset::coord::http {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t token_characters =
    sodium_base64_ENCODED_LEN(token_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING) - 1;

std::string in_base64(const unsigned char* bytes) {
  std::string text(token_characters + 1, '\0');
  ::sodium_bin2base64(text.data(), text.size(), bytes, token_bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  text.pop_back(); // the terminating zero
  return text;
}

/// 256 random bits in base64url: 43 characters that may stand in a cookie.
std::string random_token() {
  std::array<unsigned char, token_bytes> bytes{};
  ::randombytes_buf(bytes.data(), bytes.size());
  return in_base64(bytes.data());
}

session_hash hash_of_token(std::string_view token) {
  session_hash hash{};
  ::crypto_hash_sha256(reinterpret_cast<unsigned char*>(hash.data()),
                       reinterpret_cast<const unsigned char*>(token.data()), token.size());
  return hash;
}

/// Derived from the cookie's token, so that it need not be kept: whoever knows one session's CSRF
/// token cannot find the cookie from it (keyed BLAKE2b), and every server on the same store finds
/// the same one.
std::string csrf_token_of(std::string_view token) {
  constexpr std::string_view label = "cresset csrf token";
  std::array<unsigned char, token_bytes> out{};
  ::crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(label.data()),
                       label.size(), reinterpret_cast<const unsigned char*>(token.data()),
                       token.size());
  return in_base64(out.data());
}

} // namespace

std::string_view to_string(login_refusal why) noexcept {
  switch (why) {
  case login_refusal::wrong: return "wrong";
  case login_refusal::code_needed: return "code_needed";
  case login_refusal::wait: return "wait";
  case login_refusal::busy: return "busy";
  case login_refusal::unavailable: return "unavailable";
  }
  return "unknown";
}

struct login::state {
  state(account_source& source, login_limits l, clock c)
      : accounts{source}, limits{l}, now{std::move(c)}, open{l}, failures{l} {}

  /// Tells of sessions that ended, and drops those at the source that only memory let go. Call
  /// without the lock.
  void tell(const session_table::endings& over) {
    if (listener)
      for (const auto number : over.ended)
        listener(number);
    for (const auto& hash : over.idle)
      (void)accounts.drop_session(hash);
  }

  expected<void, refused_login> admit(std::string_view name, std::string_view peer);
  expected<account, refused_login> weigh(std::string_view name, std::string_view password,
                                         std::string_view code);
  /// Ends the try that `admit` let in; counts it when it was wrong.
  void leave(std::string_view name, std::string_view peer, const refused_login* refused);

  std::optional<identity> by_session(std::string_view token);
  std::optional<identity> ask_source(const session_hash& hash, std::string_view token,
                                     session_table::endings& over);
  std::optional<identity> by_token(std::string_view token, std::string_view peer);
  std::optional<identity> by_certificate(const peer_certificate& shown);
  std::optional<identity> taken(expected<std::optional<account>, std::string> found, shown_by how);

  account_source& accounts;
  login_limits limits;
  clock now;
  std::function<void(std::uint64_t)> listener;

  mutable std::mutex mutex; // guards all below
  session_table open;
  login_failures failures;
  unsigned checks_running = 0;
  login_counters counted;
  /// A hash of no one's password, so that a name nobody has costs as much time as one that somebody
  /// has.
  const std::string nobody = hash_password(random_token()).value_or("");
};

/// A try may be heard; counts it as running. Otherwise why not.
expected<void, refused_login> login::state::admit(std::string_view name, std::string_view peer) {
  const std::lock_guard lock{mutex};
  if (const auto wait = failures.wait(name, peer, now()); wait.count() > 0) {
    ++counted.made_to_wait;
    return unexpected{refused_login{login_refusal::wait, wait}};
  }
  if (checks_running >= limits.concurrent_checks) {
    ++counted.busy;
    return unexpected{refused_login{login_refusal::busy, std::chrono::seconds{1}}};
  }
  ++checks_running;
  return {};
}

/// Name, password and code. Who has no such name costs the same, and is told the same, as who has
/// the wrong password or code; that there is a second factor is told to those with the password.
expected<account, refused_login>
login::state::weigh(std::string_view name, std::string_view password, std::string_view code) {
  const auto refuse = [](login_refusal why) { return unexpected{refused_login{why, {}}}; };
  const auto found = accounts.find_account(name);
  const bool is_known = found && *found;
  const bool fits = fits_password(password, is_known ? (*found)->password_hash : nobody);
  if (!found)
    return refuse(login_refusal::unavailable);
  if (!is_known || !fits)
    return refuse(login_refusal::wrong);
  if (!(*found)->has_second_factor)
    return **found;
  if (code.empty())
    return refuse(login_refusal::code_needed);
  const auto right = accounts.take_code(**found, code);
  if (!right)
    return refuse(login_refusal::unavailable);
  if (!*right)
    return refuse(login_refusal::wrong);
  return **found;
}

void login::state::leave(std::string_view name, std::string_view peer,
                         const refused_login* refused) {
  const std::lock_guard lock{mutex};
  --checks_running;
  if (refused == nullptr)
    failures.forget(name, peer);
  else if (refused->why == login_refusal::unavailable)
    ++counted.unavailable;
  else if (refused->why == login_refusal::wrong) {
    ++counted.wrong;
    failures.count(name, peer, now());
  }
}

std::optional<identity> login::state::by_session(std::string_view token) {
  if (token.size() != token_characters)
    return std::nullopt;
  const auto hash = hash_of_token(token);
  session_table::endings over;
  std::optional<identity> who;
  bool asks = true;
  {
    const std::lock_guard lock{mutex};
    const auto at = now();
    if (auto* const known = open.find(hash, at, over)) {
      known->used = at;
      who = known->who;
      asks = at - known->checked >= limits.recheck;
    } else {
      // What was idle too long is still at the source, which must not bring it back.
      asks = over.idle.empty();
    }
  }
  if (asks)
    who = ask_source(hash, token, over);
  tell(over);
  return who;
}

/// What the source says of a session; memory follows it. When the source cannot be asked, what was
/// known stays.
std::optional<identity> login::state::ask_source(const session_hash& hash, std::string_view token,
                                                 session_table::endings& over) {
  const auto kept = accounts.find_session(hash, limits.idle);
  const std::lock_guard lock{mutex};
  const auto at = now();
  auto* const known = open.find(hash, at, over);
  if (!kept) {
    ++counted.unavailable;
    return known == nullptr ? std::nullopt : std::optional{known->who};
  }
  if (!*kept || (*kept)->remaining.count() <= 0) {
    open.take_out(hash, over);
    return std::nullopt;
  }
  if (known == nullptr)
    return open.insert(hash, (*kept)->who, csrf_token_of(token), (*kept)->remaining, at, over).who;
  known->checked = at;
  known->who.rights = (*kept)->who.rights;
  return known->who;
}

std::optional<identity> login::state::taken(expected<std::optional<account>, std::string> found,
                                            shown_by how) {
  if (!found) {
    const std::lock_guard lock{mutex};
    ++counted.unavailable;
  }
  if (!found || !*found)
    return std::nullopt;
  auto& of = **found;
  return identity{std::move(of.name), of.number, of.rights, 0, {}, how};
}

/// Nobody guesses a token; the limit keeps guessers from the database.
std::optional<identity> login::state::by_token(std::string_view token, std::string_view peer) {
  {
    const std::lock_guard lock{mutex};
    if (failures.wait({}, peer, now()).count() > 0) {
      ++counted.made_to_wait;
      return std::nullopt;
    }
  }
  auto found = accounts.find_token(token);
  if (found && !*found) {
    const std::lock_guard lock{mutex};
    ++counted.tokens_wrong;
    failures.count_peer(peer, now());
  }
  return taken(std::move(found), shown_by::token);
}

std::optional<identity> login::state::by_certificate(const peer_certificate& shown) {
  return taken(accounts.find_certificate(shown), shown_by::certificate);
}

login::login(account_source& accounts, login_limits limits, clock now) {
  if (::sodium_init() < 0)
    throw std::runtime_error{"http: libsodium does not start (no source of random numbers?)"};
  state_ = std::make_unique<state>(accounts, limits, std::move(now));
}

login::~login() = default;

void login::on_end(std::function<void(std::uint64_t session)> listener) {
  state_->listener = std::move(listener);
}

expected<opened_session, refused_login> login::sign_in(std::string_view name,
                                                       std::string_view password,
                                                       std::string_view peer,
                                                       std::string_view code) {
  auto& s = *state_;
  const auto refuse = [&](const refused_login& why) {
    s.accounts.note_refusal(name, peer, why.why);
    return unexpected{why};
  };
  if (const auto heard = s.admit(name, peer); !heard)
    return refuse(heard.error());
  const auto weighed = s.weigh(name, password, code);
  const std::string token = random_token();
  const auto hash = hash_of_token(token);
  std::optional<refused_login> why;
  if (!weighed)
    why = weighed.error();
  else if (!s.accounts.keep_session({hash, weighed->name, peer, s.limits.lifetime}))
    why = refused_login{login_refusal::unavailable, {}};
  s.leave(name, peer, why ? &*why : nullptr);
  if (why)
    return refuse(*why);

  session_table::endings over;
  opened_session opened;
  {
    const std::lock_guard lock{s.mutex};
    opened.who =
        s.open.insert(hash, *weighed, csrf_token_of(token), s.limits.lifetime, s.now(), over).who;
    ++s.counted.opened;
  }
  opened.cookie =
      std::string{cookie_name} + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict";
  s.tell(over);
  return opened;
}

bool login::is_password(std::string_view name, std::string_view password, std::string_view peer) {
  auto& s = *state_;
  if (!s.admit(name, peer))
    return false;
  const auto found = s.accounts.find_account(name);
  const bool fits = found && *found && fits_password(password, (*found)->password_hash);
  const refused_login wrong;
  s.leave(name, peer, fits ? nullptr : &wrong);
  return fits;
}

void login::identify(request& r) {
  r.who.reset();
  if (const auto token = r.bearer_token())
    r.who = state_->by_token(*token, r.peer);
  else if (const auto cookie = r.cookie(cookie_name))
    r.who = state_->by_session(*cookie);
  else if (r.certificate)
    r.who = state_->by_certificate(*r.certificate);
}

bool login::is_open(std::uint64_t session) const {
  const std::lock_guard lock{state_->mutex};
  return state_->open.is_open(session, state_->now());
}

std::optional<session_hash> login::hash_of(std::uint64_t session) const {
  const std::lock_guard lock{state_->mutex};
  return state_->open.hash_of(session);
}

bool login::end(std::uint64_t session) {
  auto& s = *state_;
  session_table::endings over;
  std::optional<session_hash> hash;
  {
    const std::lock_guard lock{s.mutex};
    hash = s.open.hash_of(session);
    if (!hash)
      return false;
    s.open.take_out(*hash, over);
    ++s.counted.signed_out;
  }
  s.tell(over);
  // If the source cannot be asked the session lives there until it expires: the caller is told.
  return s.accounts.drop_session(*hash).has_value();
}

void login::forget(const session_hash& hash) {
  auto& s = *state_;
  session_table::endings over;
  {
    const std::lock_guard lock{s.mutex};
    if (s.open.take_out(hash, over))
      ++s.counted.signed_out;
  }
  s.tell(over);
}

std::size_t login::end_all(std::string_view name, std::uint64_t but) {
  auto& s = *state_;
  session_table::endings over;
  std::vector<session_hash> hashes;
  {
    const std::lock_guard lock{s.mutex};
    hashes = s.open.take_out_all(name, but, over);
    s.counted.signed_out += hashes.size();
  }
  s.tell(over);
  for (const auto& hash : hashes)
    (void)s.accounts.drop_session(hash);
  return hashes.size();
}

login_counters login::counters() const {
  const std::lock_guard lock{state_->mutex};
  auto copy = state_->counted;
  copy.open = state_->open.size();
  copy.expired = state_->open.expired();
  copy.evicted = state_->open.evicted();
  return copy;
}

std::string login::cookie_removal() {
  return std::string{cookie_name} + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
}

} // namespace cresset::coord::http
