#include "coord/http/login.hpp"

#include "coord/http/login_failures.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <stdexcept>

namespace cresset::coord::http {

namespace {

using time_point = std::chrono::steady_clock::time_point;

constexpr std::size_t token_bytes = 32;
constexpr unsigned long long argon2_passes = 2;
constexpr std::size_t argon2_memory_bytes = std::size_t{64} * 1024 * 1024;

constexpr std::size_t token_characters =
    sodium_base64_ENCODED_LEN(token_bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING) - 1;

void require_sodium() {
  if (::sodium_init() < 0)
    throw std::runtime_error{"http: libsodium does not start (no source of random numbers?)"};
}

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

session_hash hash_of(std::string_view token) {
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

std::optional<std::string> hash_password(std::string_view password) {
  require_sodium();
  if (password.size() < password_least_bytes || password.size() > password_limit_bytes)
    return std::nullopt;
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (::crypto_pwhash_str_alg(out.data(), password.data(), password.size(), argon2_passes,
                              argon2_memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
    return std::nullopt; // out of memory
  return std::string{out.data()};
}

/// A session is found by the hash of its token: a comparison inside the map then tells an attacker
/// who measures time something about a hash, never about a token.
struct login::state {
  struct session {
    identity who;
    time_point ends, used, checked;
  };

  state(account_source& source, login_limits l, clock c)
      : accounts{source}, limits{l}, now{std::move(c)}, failures{l} {}

  bool is_over(const session& s, time_point at) const {
    return at - s.used >= limits.idle || at >= s.ends;
  }

  /// Puts a session in, after those that are over and, if there is still no room, the least
  /// recently used one. Call with the lock held; `ended` gets the sessions that had to go.
  const session& insert(const session_hash& hash, const account& of, std::string_view token,
                        std::chrono::seconds lifetime, std::vector<std::uint64_t>& ended) {
    const auto at = now();
    std::erase_if(sessions, [&](const auto& entry) {
      if (!is_over(entry.second, at))
        return false;
      ++counted.expired;
      ended.push_back(entry.second.who.session);
      return true;
    });
    const auto of_account = [&](const auto& entry) { return entry.second.who.name == of.name; };
    if (static_cast<std::size_t>(std::ranges::count_if(sessions, of_account)) >=
        limits.sessions_an_account)
      evict(of_account, ended);
    if (sessions.size() >= limits.sessions)
      evict([](const auto&) { return true; }, ended);
    return sessions[hash] = {
               {of.name, of.number, of.rights, next_session++, csrf_token_of(token)}, at + lifetime, at, at};
  }

  template <typename Predicate>
  void evict(Predicate belongs, std::vector<std::uint64_t>& ended) {
    auto oldest = sessions.end();
    for (auto s = sessions.begin(); s != sessions.end(); ++s)
      if (belongs(*s) && (oldest == sessions.end() || s->second.used < oldest->second.used))
        oldest = s;
    if (oldest == sessions.end())
      return;
    ++counted.evicted;
    ended.push_back(oldest->second.who.session);
    sessions.erase(oldest);
  }

  void tell(const std::vector<std::uint64_t>& ended) const {
    if (listener)
      for (const auto number : ended)
        listener(number);
  }

  /// A try may be heard; counts it as running. Otherwise why not.
  expected<void, refused_login> admit(std::string_view name, std::string_view peer) {
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

  std::optional<identity> known(const session_hash& hash, bool& recheck,
                                std::vector<std::uint64_t>& ended);
  std::optional<identity> ask_source(const session_hash& hash, std::string_view token,
                                     std::vector<std::uint64_t>& ended);

  account_source& accounts;
  login_limits limits;
  clock now;
  std::function<void(std::uint64_t)> listener;

  mutable std::mutex mutex; // guards all below
  std::map<session_hash, session> sessions;
  login_failures failures;
  std::uint64_t next_session = 1;
  unsigned checks_running = 0;
  login_counters counted;
  /// A hash of no one's password, so that a name nobody has costs as much time as one that somebody
  /// has.
  const std::string nobody = hash_password(random_token()).value_or("");
};

/// The session if it stands in memory and is not over; `recheck` when the source has to be asked
/// (again).
std::optional<identity> login::state::known(const session_hash& hash, bool& recheck,
                                            std::vector<std::uint64_t>& ended) {
  const std::lock_guard lock{mutex};
  const auto at = now();
  const auto found = sessions.find(hash);
  recheck = found == sessions.end() || at - found->second.checked >= limits.recheck;
  if (found == sessions.end())
    return std::nullopt;
  if (is_over(found->second, at)) {
    ++counted.expired;
    ended.push_back(found->second.who.session);
    sessions.erase(found);
    // Idle too long: the source may still hold it, but it must not come back.
    recheck = false;
    return std::nullopt;
  }
  found->second.used = at;
  return found->second.who;
}

/// What the source says of a session; memory follows it. When the source cannot be asked, what was
/// known stays.
std::optional<identity> login::state::ask_source(const session_hash& hash, std::string_view token,
                                                 std::vector<std::uint64_t>& ended) {
  const auto kept = accounts.find_session(hash);
  const std::lock_guard lock{mutex};
  const auto found = sessions.find(hash);
  if (!kept) {
    ++counted.unavailable;
    return found == sessions.end() ? std::nullopt : std::optional{found->second.who};
  }
  if (!*kept || (*kept)->remaining.count() <= 0) {
    if (found != sessions.end()) {
      ended.push_back(found->second.who.session);
      sessions.erase(found);
    }
    return std::nullopt;
  }
  if (found == sessions.end())
    return insert(hash, (*kept)->who, token, (*kept)->remaining, ended).who;
  found->second.checked = now();
  found->second.who.rights = (*kept)->who.rights;
  return found->second.who;
}

login::login(account_source& accounts, login_limits limits, clock now) {
  require_sodium();
  state_ = std::make_unique<state>(accounts, limits, std::move(now));
}

login::~login() = default;

void login::on_end(std::function<void(std::uint64_t session)> listener) {
  state_->listener = std::move(listener);
}

expected<opened_session, refused_login>
login::sign_in(std::string_view name, std::string_view password, std::string_view peer) {
  auto& s = *state_;
  if (const auto heard = s.admit(name, peer); !heard)
    return unexpected{heard.error()};
  const auto found = s.accounts.find_account(name);
  const std::string& password_hash = found && *found ? (*found)->password_hash : s.nobody;
  const bool fits =
      found && password.size() <= password_limit_bytes &&
      ::crypto_pwhash_str_verify(password_hash.c_str(), password.data(), password.size()) == 0;
  const std::string token = random_token();
  const auto hash = hash_of(token);
  const bool right = found && *found && fits;
  const bool kept =
      right && s.accounts.keep_session(hash, (*found)->name, s.limits.lifetime).has_value();

  std::vector<std::uint64_t> ended;
  opened_session opened;
  {
    const std::lock_guard lock{s.mutex};
    --s.checks_running;
    if (!found || (right && !kept)) {
      ++s.counted.unavailable;
      return unexpected{refused_login{login_refusal::unavailable, {}}};
    }
    if (!right) {
      ++s.counted.wrong;
      s.failures.count(name, peer, s.now());
      return unexpected{refused_login{login_refusal::wrong, {}}};
    }
    s.failures.forget(name, peer);
    opened.who = s.insert(hash, **found, token, s.limits.lifetime, ended).who;
    ++s.counted.opened;
  }
  opened.cookie =
      std::string{cookie_name} + "=" + token + "; Path=/; Secure; HttpOnly; SameSite=Strict";
  s.tell(ended);
  return opened;
}

bool login::is_password(std::string_view name, std::string_view password, std::string_view peer) {
  auto& s = *state_;
  if (!s.admit(name, peer))
    return false;
  const auto found = s.accounts.find_account(name);
  const bool fits = found && *found && password.size() <= password_limit_bytes &&
                    ::crypto_pwhash_str_verify((*found)->password_hash.c_str(), password.data(),
                                               password.size()) == 0;
  const std::lock_guard lock{s.mutex};
  --s.checks_running;
  if (!fits) {
    ++s.counted.wrong;
    s.failures.count(name, peer, s.now());
  }
  return fits;
}

void login::identify(request& r) {
  r.who.reset();
  const auto token = r.cookie(cookie_name);
  if (!token || token->size() != token_characters)
    return;
  auto& s = *state_;
  const auto hash = hash_of(*token);
  std::vector<std::uint64_t> ended;
  bool recheck = false;
  r.who = s.known(hash, recheck, ended);
  if (recheck)
    r.who = s.ask_source(hash, *token, ended);
  s.tell(ended);
}

bool login::is_open(std::uint64_t session) const {
  const std::lock_guard lock{state_->mutex};
  return std::ranges::any_of(state_->sessions, [&](const auto& entry) {
    return entry.second.who.session == session && !state_->is_over(entry.second, state_->now());
  });
}

bool login::end(std::uint64_t session) {
  auto& s = *state_;
  session_hash hash{};
  {
    const std::lock_guard lock{s.mutex};
    const auto found = std::ranges::find_if(
        s.sessions, [&](const auto& entry) { return entry.second.who.session == session; });
    if (found == s.sessions.end())
      return false;
    hash = found->first;
    s.sessions.erase(found);
    ++s.counted.signed_out;
  }
  s.tell({session});
  // If the source cannot be asked the session lives there until it expires: the caller is told.
  return s.accounts.drop_session(hash).has_value();
}

std::size_t login::end_all(std::string_view name) {
  auto& s = *state_;
  std::vector<std::uint64_t> ended;
  std::vector<session_hash> hashes;
  {
    const std::lock_guard lock{s.mutex};
    std::erase_if(s.sessions, [&](const auto& entry) {
      if (entry.second.who.name != name)
        return false;
      ended.push_back(entry.second.who.session);
      hashes.push_back(entry.first);
      return true;
    });
    s.counted.signed_out += ended.size();
  }
  s.tell(ended);
  for (const auto& hash : hashes)
    (void)s.accounts.drop_session(hash);
  return ended.size();
}

login_counters login::counters() const {
  const std::lock_guard lock{state_->mutex};
  auto copy = state_->counted;
  copy.open = state_->sessions.size();
  return copy;
}

std::string login::cookie_removal() {
  return std::string{cookie_name} + "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0";
}

} // namespace cresset::coord::http
