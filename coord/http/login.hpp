#pragma once

#include "capture/base/expected.hpp"
#include "coord/http/account_source.hpp"
#include "coord/http/login_failures.hpp"
#include "coord/http/password.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace cresset::coord::http {

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
  std::uint64_t opened = 0, wrong = 0, made_to_wait = 0, busy = 0, unavailable = 0,
                expired = 0, evicted = 0, signed_out = 0, open = 0, tokens_wrong = 0;
};

/// Says who a request comes from: a session that a person opened with name, password and, where
/// there is one, the code of a second factor; a program's token (`Authorization: Bearer`); or a
/// client certificate. The first of the three that a request carries decides, and if it is no good
/// the others are not asked. The cookie is 256 random bits, of which only the SHA-256 is kept; the
/// CSRF token is derived from it. Open sessions stand in memory and are asked for again at the
/// source every `login_limits::recheck`, so that a restart, or another server on the same store,
/// knows them; tokens and certificates are asked for each time. Thread safe.
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

  /// Takes 0.1 s and 64 MiB, for unknown names too. `code` is empty when none was given: then
  /// `code_needed` says that the password was right and not enough.
  expected<opened_session, refused_login> sign_in(std::string_view name, std::string_view password,
                                                  std::string_view peer,
                                                  std::string_view code = {});
  /// Whether this is the account's password; counts a failure like `sign_in`, and opens nothing.
  /// False too when a try has to wait or the source cannot be asked.
  bool is_password(std::string_view name, std::string_view password, std::string_view peer);
  /// Sets `r.who` when the request shows who it is, and counts as use of its session.
  void identify(request& r);
  /// Is it open still? Does not count as use.
  bool is_open(std::uint64_t session) const;
  /// What the source knows an open session by.
  std::optional<session_hash> hash_of(std::uint64_t session) const;
  /// False when there is no such session, or when the source could not be told (it then lives there
  /// until it expires).
  bool end(std::uint64_t session);
  /// Forgets a session that its source has dropped already.
  void forget(const session_hash& hash);
  /// Ends all sessions of an account but the session `but` (password changed, account switched
  /// off); how many of them stood here. The source is told of each.
  std::size_t end_all(std::string_view name, std::uint64_t but = 0);

  login_counters counters() const;

  /// The value for Set-Cookie that makes a client forget its session.
  static std::string cookie_removal();
  static constexpr std::string_view cookie_name = "__Host-cresset";

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace cresset::coord::http
