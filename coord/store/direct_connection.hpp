#pragma once

#include <pqxx/pqxx>

#include <string>

namespace cresset::coord::store {

/// A connection of libpqxx that also gives out libpq's own handle, which COPY in binary needs and
/// libpqxx 6 keeps to itself. It connects at once, like pqxx::connection.
class direct_connection : public pqxx::connection_base {
public:
  explicit direct_connection(const std::string& url);
  ~direct_connection();

  /// Belongs to the connection; another one after libpqxx has connected anew.
  pqxx::internal::pq::PGconn* handle() const noexcept { return policy_.handle; }

private:
  struct policy final : pqxx::connect_direct {
    using pqxx::connect_direct::connect_direct;
    pqxx::connectionpolicy::handle do_startconnect(pqxx::connectionpolicy::handle before) override;
    pqxx::connectionpolicy::handle
    do_dropconnect(pqxx::connectionpolicy::handle before) noexcept override;
    pqxx::connectionpolicy::handle
    do_disconnect(pqxx::connectionpolicy::handle before) noexcept override;
    pqxx::internal::pq::PGconn* handle = nullptr;
  };
  policy policy_;
};

} // namespace cresset::coord::store
