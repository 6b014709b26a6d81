#pragma once

#include "capture/base/expected.hpp"
#include "coord/http/request.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
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
  /// A password alone does not open it: `account_source::take_code` is asked too.
  bool has_second_factor = false;
};

/// SHA-256 of a session's secret: what is kept, so that reading the store gives nobody a session.
using session_hash = std::array<std::byte, 32>;

/// A session as it begins.
struct new_session {
  session_hash hash;
  /// The account's name.
  std::string_view name;
  /// The client's address.
  std::string_view peer;
  std::chrono::seconds lifetime{0};
};

/// A session as it is kept beyond this process.
struct kept_session {
  account who;
  std::chrono::seconds remaining{0};
};

enum class login_refusal : std::uint8_t { wrong, code_needed, wait, busy, unavailable };
std::string_view to_string(login_refusal why) noexcept;

/// Where accounts and open sessions are kept. Called from several threads at once; an error (one
/// line) means that the source cannot be asked now.
class account_source {
public:
  virtual ~account_source() = default;
  /// Nothing for a name that is unknown or switched off.
  virtual expected<std::optional<account>, std::string> find_account(std::string_view name) = 0;
  /// Whether this is the code of the account's second factor; a code is right once.
  virtual expected<bool, std::string> take_code(const account& of, std::string_view code) = 0;

  /// Keeps it and writes down that somebody signed in.
  virtual expected<void, std::string> keep_session(const new_session& session) = 0;
  /// Nothing when there is none, it is over, nobody used it for `idle`, or its account is switched
  /// off. Counts as use of it.
  virtual expected<std::optional<kept_session>, std::string>
  find_session(const session_hash& hash, std::chrono::seconds idle) = 0;
  virtual expected<void, std::string> drop_session(const session_hash& hash) = 0;

  /// Whom a program's token stands for, with the rights of both; nothing when it is none, is over,
  /// or its owner is switched off.
  virtual expected<std::optional<account>, std::string> find_token(std::string_view token) = 0;
  /// Whom a client certificate under the pinned authority stands for.
  virtual expected<std::optional<account>, std::string>
  find_certificate(const peer_certificate& shown) = 0;

  /// Told of each try to sign in that was not let in, to write it down. `name` is what a stranger
  /// typed. Never called with a lock held.
  virtual void note_refusal(std::string_view name, std::string_view peer, login_refusal why) = 0;
};

} // namespace cresset::coord::http
