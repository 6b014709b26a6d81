#pragma once

#include "capture/base/expected.hpp"
#include "coord/http/login_failures.hpp"
#include "coord/http/request.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::http {

/// One who may sign in, as kept by whoever keeps accounts.
struct account {
  std::string name;
  /// The keeper's own number of it; handed through to `identity::account`.
  std::int64_t number = 0;
  /// What `hash_password` made.
  std::string password_hash;
  right_set rights;
};

/// SHA-256 of a session's secret: what is kept, so that reading the store gives nobody a session.
using session_hash = std::array<std::byte, 32>;

/// A session as it is kept beyond this process.
struct kept_session {
  account who;
  std::chrono::seconds remaining{0};
};

/// Where accounts and open sessions are kept. Called from several threads at once; an error (one
/// line) means that the source cannot be asked now.
class account_source {
public:
  virtual ~account_source() = default;
  /// Nothing for a name that is unknown or switched off.
  virtual expected<std::optional<account>, std::string> find_account(std::string_view name) = 0;

  virtual expected<void, std::string> keep_session(const session_hash& hash, std::string_view name,
                                                   std::chrono::seconds lifetime) = 0;
  /// Nothing when there is none, it is over, or its account is switched off.
  virtual expected<std::optional<kept_session>, std::string>
  find_session(const session_hash& hash) = 0;
  virtual expected<void, std::string> drop_session(const session_hash& hash) = 0;
};

/// Argon2id (RFC 9106) through libsodium, 64 MiB and 2 passes, in the crypt form
/// "$argon2id$v=19$…". Takes about 0.1 s. Passwords are 8 to 256 bytes; anything else is refused
/// with nothing.
std::optional<std::string> hash_password(std::string_view password);
inline constexpr std::size_t password_least_bytes = 8;
inline constexpr std::size_t password_limit_bytes = 256;

enum class login_refusal : std::uint8_t { wrong, wait, busy, unavailable };

/// A session just opened: what the client gets.
struct opened_session {
  identity who;
  /// The value for Set-Cookie.
  std::string cookie;
};

struct refused_login {
  login_refusal why = login_refusal::wrong;
  /// How long to wait before the next try is heard; zero unless `wait` or `busy`.
  std::chrono::seconds wait{0};
};

struct login_counters {
  std::uint64_t opened = 0, wrong = 0, made_to_wait = 0, busy = 0, unavailable = 0, expired = 0,
                evicted = 0, signed_out = 0, open = 0;
};

/// Sessions of people who signed in with name and password. The cookie is 256 random bits, of which
/// only the SHA-256 is kept; the CSRF token is derived from it. Open sessions stand in memory and
/// are asked for again at the source every `login_limits::recheck`, so that a restart, or another
/// server on the same store, knows them. Thread safe.
class login {
public:
  using clock = std::function<std::chrono::steady_clock::time_point()>;

  /// `accounts` outlives this object.
  login(account_source& accounts, login_limits limits = {},
        clock now = std::chrono::steady_clock::now);
  ~login();
  login(const login&) = delete;
  login& operator=(const login&) = delete;

  /// Told every session that ends, whatever ended it, with no lock held. Start-up only.
  void on_end(std::function<void(std::uint64_t session)> listener);

  /// Takes 0.1 s and 64 MiB, for unknown names too.
  expected<opened_session, refused_login> sign_in(std::string_view name, std::string_view password,
                                                  std::string_view peer);
  /// Whether this is the account's password; counts a failure like `sign_in`, and opens nothing. False too when a try has
  /// to wait or the source cannot be asked.
  bool is_password(std::string_view name, std::string_view password, std::string_view peer);
  /// Sets `r.who` when the request carries the cookie of a session that is open, and counts as use
  /// of it.
  void identify(request& r);
  /// Is it open still? Does not count as use.
  bool is_open(std::uint64_t session) const;
  /// False when there is no such session, or when the source could not be told (it then lives there
  /// until it expires).
  bool end(std::uint64_t session);
  /// Ends all sessions of an account (password changed, account switched off); how many there were.
  std::size_t end_all(std::string_view name);

  login_counters counters() const;

  /// The value for Set-Cookie that makes a client forget its session.
  static std::string cookie_removal();
  static constexpr std::string_view cookie_name = "__Host-cresset";

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace cresset::coord::http
