#pragma once

#include "capture/base/byte_order.hpp"

#include <lmdb.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

namespace cresset::detect::uplink {

/// LMDB's own codes (MDB_…) and errno values: 0 is success. Turned into words at the wall of the
/// spool.
using lmdb_status = int;

/// A position as a key whose bytes sort like the number.
using position_key = std::array<std::byte, 8>;
position_key to_key(std::uint64_t position) noexcept;
std::uint64_t from_key(byte_view key) noexcept;

struct lmdb_limits {
  std::uint64_t map_bytes = 0; ///< the file never grows over this; 0: as large as it is
  bool read_only = false;      ///< also: no lock file
};

/// One LMDB file, opened. Transactions of it must end before it does.
class lmdb_environment {
public:
  /// Opens or makes the file; on failure the status, and no environment.
  static std::pair<std::optional<lmdb_environment>, lmdb_status>
  open(const std::filesystem::path& file, const lmdb_limits& limits);

  MDB_env* handle() const noexcept { return environment_.get(); }
  /// Whether the file is as long as its last page says; reading beyond its end would kill the
  /// process.
  bool is_whole(const std::filesystem::path& file) const noexcept;

private:
  struct closer {
    void operator()(MDB_env* environment) const noexcept { mdb_env_close(environment); }
  };
  explicit lmdb_environment(MDB_env* environment) noexcept : environment_{environment} {}
  std::unique_ptr<MDB_env, closer> environment_;
};

/// A transaction: aborted unless committed. Bytes it hands out live until its end, or its next
/// write.
class lmdb_transaction {
public:
  enum class kind : std::uint8_t { reading, writing };
  lmdb_transaction(const lmdb_environment& environment, kind of) noexcept;
  lmdb_transaction(const lmdb_transaction&) = delete;
  lmdb_transaction& operator=(const lmdb_transaction&) = delete;
  ~lmdb_transaction();

  /// The first failure since the beginning; every call after one does nothing.
  lmdb_status status() const noexcept { return status_; }
  MDB_txn* handle() const noexcept { return transaction_; }

  MDB_dbi table(const char* name, bool create) noexcept;
  /// Nothing when there is none; status() tells failures apart.
  std::optional<byte_view> get(MDB_dbi table, byte_view key) noexcept;
  void put(MDB_dbi table, byte_view key, byte_view value, unsigned flags = 0) noexcept;
  /// Room for `size` bytes under the key, to be written before the next call; empty on failure.
  std::span<std::byte> reserve(MDB_dbi table, byte_view key, std::size_t size,
                               unsigned flags = 0) noexcept;
  void erase(MDB_dbi table, byte_view key) noexcept;
  lmdb_status commit() noexcept;
  void fail(lmdb_status status) noexcept {
    if (status_ == MDB_SUCCESS)
      status_ = status;
  }

private:
  MDB_txn* transaction_ = nullptr;
  lmdb_status status_ = MDB_SUCCESS;
};

/// Walks one table in the order of its keys, within its transaction.
class lmdb_cursor {
public:
  struct entry {
    byte_view key;
    byte_view value;
  };
  lmdb_cursor(lmdb_transaction& transaction, MDB_dbi table) noexcept;
  lmdb_cursor(const lmdb_cursor&) = delete;
  lmdb_cursor& operator=(const lmdb_cursor&) = delete;
  ~lmdb_cursor();

  std::optional<entry> first() noexcept { return move({}, MDB_FIRST); }
  std::optional<entry> last() noexcept { return move({}, MDB_LAST); }
  std::optional<entry> next() noexcept { return move({}, MDB_NEXT); }
  std::optional<entry> previous() noexcept { return move({}, MDB_PREV); }
  /// The first entry whose key is not before `key`.
  std::optional<entry> from(byte_view key) noexcept { return move(key, MDB_SET_RANGE); }
  /// Removes the entry it stands on.
  void erase() noexcept;

private:
  std::optional<entry> move(byte_view key, MDB_cursor_op how) noexcept;

  lmdb_transaction& transaction_;
  MDB_cursor* cursor_ = nullptr;
};

} // namespace cresset::detect::uplink
