#pragma once

#include "capture/base/expected.hpp"
#include "coord/incident/store_error.hpp"
#include "coord/store/direct_connection.hpp"

#include <pqxx/pqxx>

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace cresset::coord::store {

using incident::store_errc;
using incident::store_error;

/// What an exception of libpqxx means to a caller; also writes the full text to the log when it is
/// `broken`.
store_error describe(const std::exception_ptr& failure);

/// Connections to one database, opened when needed, at most `limit` of them; who wants another
/// waits for one to come back. This is where exceptions of libpqxx end. Any thread.
class connection_pool {
public:
  /// `url` is what libpq takes: "postgresql://…" or "host=… dbname=…". Nothing is opened yet.
  connection_pool(std::string url, std::size_t limit);
  ~connection_pool();

  /// Runs `work(pqxx::work&)`, which returns `expected<T, store_error>`, in one transaction:
  /// commits when it returns a value, rolls back when it returns an error or throws. A deadlock is
  /// tried once more. `work` may run twice, so it changes nothing but what it returns.
  template <typename Work>
  std::invoke_result_t<Work&, pqxx::work&> transact(Work&& work) {
    for (int attempt = 1;; ++attempt) {
      try {
        lease held{*this};
        try {
          pqxx::work transaction{held.connection()};
          auto outcome = work(transaction);
          if (outcome)
            transaction.commit();
          return outcome;
        } catch (const pqxx::transaction_rollback&) {
          if (attempt == 2)
            throw;
          continue;
        } catch (...) {
          held.judge();
          throw;
        }
      } catch (...) {
        return unexpected{describe(std::current_exception())};
      }
    }
  }

  const std::string& url() const noexcept { return url_; }

private:
  /// One connection while it is in use; it goes back to the pool unless it was found broken.
  class lease {
  public:
    explicit lease(connection_pool& pool);
    ~lease();
    lease(const lease&) = delete;
    lease& operator=(const lease&) = delete;
    direct_connection& connection() noexcept { return *connection_; }
    /// Called while an exception is in flight: a connection that broke is not used again.
    void judge() noexcept;

  private:
    connection_pool& pool_;
    std::unique_ptr<direct_connection> connection_;
    bool sound_ = true;
  };

  const std::string url_;
  const std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<direct_connection>> idle_;
  std::size_t in_use_ = 0;
};

} // namespace cresset::coord::store
