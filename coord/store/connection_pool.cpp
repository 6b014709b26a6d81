#include "coord/store/connection_pool.hpp"

#include "capture/base/log.hpp"
#include "coord/store/statements.hpp"

namespace cresset::coord::store {
namespace {

std::string first_line(std::string_view text) {
  return std::string{text.substr(0, text.find('\n'))};
}

} // namespace

store_error describe(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const pqxx::broken_connection& e) {
    return {store_errc::unavailable, "the database does not answer: " + first_line(e.what())};
  } catch (const pqxx::in_doubt_error& e) {
    return {store_errc::unavailable,
            "the connection broke during a commit: " + first_line(e.what())};
  } catch (const pqxx::insufficient_resources& e) {
    return {store_errc::unavailable, "the database has no room: " + first_line(e.what())};
  } catch (const pqxx::transaction_rollback& e) {
    return {store_errc::unavailable,
            "the database gave up the transaction: " + first_line(e.what())};
  } catch (const pqxx::sql_error& e) {
    log(log_level::error, "store", "{} in: {}", first_line(e.what()), first_line(e.query()));
    return {store_errc::broken, "the database refused a statement; the log names it"};
  } catch (const std::exception& e) {
    // A server that is shut down while a query runs is told of as a plain failure.
    log(log_level::error, "store", "{}", first_line(e.what()));
    return {store_errc::unavailable, "the database failed: " + first_line(e.what())};
  }
}

connection_pool::connection_pool(std::string url, std::size_t limit)
    : url_{std::move(url)}, limit_{limit} {}

connection_pool::~connection_pool() = default;

connection_pool::lease::lease(connection_pool& pool) : pool_{pool} {
  std::unique_lock lock{pool_.mutex_};
  pool_.returned_.wait(lock, [&] { return pool_.in_use_ < pool_.limit_; });
  ++pool_.in_use_;
  if (!pool_.idle_.empty()) {
    connection_ = std::move(pool_.idle_.back());
    pool_.idle_.pop_back();
    return;
  }
  lock.unlock();
  try {
    connection_ = std::make_unique<direct_connection>(pool_.url_);
    connection_->set_variable("synchronous_commit", "on");
    connection_->set_variable("timezone", "'UTC'");
    connection_->set_variable("client_min_messages", "'warning'");
    prepare_statements(*connection_);
  } catch (...) {
    lock.lock();
    --pool_.in_use_;
    pool_.returned_.notify_one();
    throw;
  }
}

connection_pool::lease::~lease() {
  {
    const std::lock_guard lock{pool_.mutex_};
    --pool_.in_use_;
    if (sound_)
      pool_.idle_.push_back(std::move(connection_));
  }
  pool_.returned_.notify_one();
}

void connection_pool::lease::judge() noexcept {
  // libpqxx would reconnect in silence, without our settings; and after a restart of the server
  // every idle connection is dead as well.
  if (connection_->is_open())
    return;
  sound_ = false;
  const std::lock_guard lock{pool_.mutex_};
  pool_.idle_.clear();
}

} // namespace cresset::coord::store
