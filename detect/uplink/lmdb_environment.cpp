// The one place that holds LMDB's handles. No call throws; the first failure of a transaction
// sticks, so that a run of writes is checked once, at its commit.
#include "detect/uplink/lmdb_environment.hpp"

#include <system_error>

namespace cresset::detect::uplink {
namespace {

constexpr unsigned tables_limit = 8;
constexpr unsigned readers_limit = 32;

MDB_val to_val(byte_view bytes) noexcept {
  return {bytes.size(), const_cast<std::byte*>(
                            bytes.data())}; // LMDB's struct has no const; it does not write keys
}
byte_view from_val(const MDB_val& value) noexcept {
  return {static_cast<const std::byte*>(value.mv_data), value.mv_size};
}

} // namespace

position_key to_key(std::uint64_t position) noexcept {
  position_key key{};
  store_be32(std::span{key}.first<4>(), static_cast<std::uint32_t>(position >> 32));
  store_be32(std::span{key}.last<4>(), static_cast<std::uint32_t>(position & 0xffffffffU));
  return key;
}

std::uint64_t from_key(byte_view key) noexcept {
  return key.size() < 8 ? 0 : load_be64(key.last<8>());
}

std::pair<std::optional<lmdb_environment>, lmdb_status>
lmdb_environment::open(const std::filesystem::path& file, const lmdb_limits& limits) {
  MDB_env* handle = nullptr;
  if (const auto status = mdb_env_create(&handle); status != MDB_SUCCESS)
    return {std::nullopt, status};
  lmdb_environment environment{handle};
  mdb_env_set_maxdbs(handle, tables_limit);
  mdb_env_set_maxreaders(handle, readers_limit);
  if (limits.map_bytes != 0)
    mdb_env_set_mapsize(handle, limits.map_bytes);
  // NOTLS: a reading transaction belongs to its object, not to its thread
  unsigned flags = MDB_NOSUBDIR | MDB_NOTLS;
  if (limits.read_only)
    flags |= MDB_RDONLY | MDB_NOLOCK;
  if (const auto status = mdb_env_open(handle, file.c_str(), flags, 0600); status != MDB_SUCCESS)
    return {std::nullopt, status};
  return {std::move(environment), MDB_SUCCESS};
}

bool lmdb_environment::is_whole(const std::filesystem::path& file) const noexcept {
  MDB_envinfo info{};
  MDB_stat stat{};
  if (mdb_env_info(handle(), &info) != MDB_SUCCESS || mdb_env_stat(handle(), &stat) != MDB_SUCCESS)
    return false;
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  return !error && size >= (static_cast<std::uint64_t>(info.me_last_pgno) + 1) * stat.ms_psize;
}

lmdb_transaction::lmdb_transaction(const lmdb_environment& environment, kind of) noexcept {
  fail(mdb_txn_begin(environment.handle(), nullptr, of == kind::reading ? MDB_RDONLY : 0U,
                     &transaction_));
  if (status_ != MDB_SUCCESS)
    transaction_ = nullptr;
}

lmdb_transaction::~lmdb_transaction() {
  if (transaction_)
    mdb_txn_abort(transaction_);
}

MDB_dbi lmdb_transaction::table(const char* name, bool create) noexcept {
  MDB_dbi table = 0;
  if (status_ == MDB_SUCCESS)
    fail(mdb_dbi_open(transaction_, name, create ? MDB_CREATE : 0U, &table));
  return table;
}

std::optional<byte_view> lmdb_transaction::get(MDB_dbi table, byte_view key) noexcept {
  if (status_ != MDB_SUCCESS)
    return std::nullopt;
  MDB_val wanted = to_val(key);
  MDB_val found{};
  const auto status = mdb_get(transaction_, table, &wanted, &found);
  if (status == MDB_SUCCESS)
    return from_val(found);
  if (status != MDB_NOTFOUND)
    fail(status);
  return std::nullopt;
}

void lmdb_transaction::put(MDB_dbi table, byte_view key, byte_view value, unsigned flags) noexcept {
  if (status_ != MDB_SUCCESS)
    return;
  MDB_val under = to_val(key);
  MDB_val bytes = to_val(value);
  fail(mdb_put(transaction_, table, &under, &bytes, flags));
}

std::span<std::byte> lmdb_transaction::reserve(MDB_dbi table, byte_view key, std::size_t size,
                                               unsigned flags) noexcept {
  if (status_ != MDB_SUCCESS)
    return {};
  MDB_val under = to_val(key);
  MDB_val room{size, nullptr};
  fail(mdb_put(transaction_, table, &under, &room, flags | MDB_RESERVE));
  if (status_ != MDB_SUCCESS)
    return {};
  return {static_cast<std::byte*>(room.mv_data), room.mv_size};
}

void lmdb_transaction::erase(MDB_dbi table, byte_view key) noexcept {
  if (status_ != MDB_SUCCESS)
    return;
  MDB_val wanted = to_val(key);
  if (const auto status = mdb_del(transaction_, table, &wanted, nullptr); status != MDB_NOTFOUND)
    fail(status);
}

lmdb_status lmdb_transaction::commit() noexcept {
  if (status_ != MDB_SUCCESS)
    return status_;
  status_ = mdb_txn_commit(transaction_); // frees it, whatever it answers
  transaction_ = nullptr;
  return status_;
}

lmdb_cursor::lmdb_cursor(lmdb_transaction& transaction, MDB_dbi table) noexcept
    : transaction_{transaction} {
  if (transaction.status() != MDB_SUCCESS)
    return;
  transaction.fail(mdb_cursor_open(transaction.handle(), table, &cursor_));
  if (transaction.status() != MDB_SUCCESS)
    cursor_ = nullptr;
}

lmdb_cursor::~lmdb_cursor() {
  // a writing transaction that was committed has freed its cursors already
  if (cursor_ && transaction_.handle())
    mdb_cursor_close(cursor_);
}

void lmdb_cursor::erase() noexcept {
  if (cursor_ && transaction_.status() == MDB_SUCCESS)
    transaction_.fail(mdb_cursor_del(cursor_, 0));
}

std::optional<lmdb_cursor::entry> lmdb_cursor::move(byte_view key, MDB_cursor_op how) noexcept {
  if (!cursor_ || transaction_.status() != MDB_SUCCESS)
    return std::nullopt;
  MDB_val under = to_val(key);
  MDB_val value{};
  const auto status = mdb_cursor_get(cursor_, &under, &value, how);
  if (status == MDB_SUCCESS)
    return entry{from_val(under), from_val(value)};
  if (status != MDB_NOTFOUND)
    transaction_.fail(status);
  return std::nullopt;
}

} // namespace cresset::detect::uplink
