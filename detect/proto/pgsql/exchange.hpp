#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/pgsql/settings.hpp"
#include "detect/proto/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cresset::detect::proto::pgsql {

/// Indexes of the table in parser.cpp, in its order.
enum class buffer_index : buffer_id { query };

/// What the client asks for.
enum class request_kind : std::uint8_t {
  none, ///< a response that nobody asked for, as far as was seen
  ssl,
  gss,
  cancel,
  startup,
  password,
  sasl_initial,
  sasl_response,
  query,
  extended_query, ///< Parse, Bind, Execute, … up to Sync
  copy_data,
  terminate,
};

using named_text = std::pair<std::string, std::string>;

/// One request and its response.
class exchange final : public transaction {
public:
  static constexpr std::size_t parameters_limit = 64;

  exchange(std::uint64_t number, request_kind what, const settings& wanted) noexcept
      : transaction{number}, what_{what}, settings_{wanted} {}

  request_kind what() const noexcept { return what_; }
  void complete(direction way) { advance(way, progress_done); }
  /// The first of its response has come.
  void begin_response() {
    has_response_ = true;
    advance(direction::to_client, 1);
  }
  void raise(std::string_view event) noexcept { events_.raise(event); }

  struct {
    std::string text; ///< the query, the password, what SASL says
    std::string mechanism;
    std::string version;
    std::vector<named_text> parameters;
    std::uint32_t process_id = 0, secret_key = 0;
    std::uint64_t messages = 0, bytes = 0; ///< of COPY
  } request;

  struct {
    std::optional<bool> ssl_accepted;
    std::string authentication; ///< "authentication_ok"
    std::string authentication_text;
    std::vector<named_text> parameters;
    std::optional<std::uint32_t> process_id, secret_key;
    std::vector<std::pair<char, std::string>> error; ///< fields of an ErrorResponse
    std::optional<std::uint16_t> fields;
    std::uint64_t rows = 0, row_bytes = 0;
    std::uint64_t copied = 0, copied_bytes = 0;
    std::optional<std::uint16_t> copy_in_columns, copy_out_columns;
    std::string completed; ///< the command's tag: "SELECT 5"
  } response;

  std::size_t instances(buffer_id id) const noexcept override;
  std::optional<byte_view> buffer(buffer_id id, std::size_t instance) const noexcept override;
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void write_members(json_writer& json) const override;

private:
  void write_request(json_writer& json) const;
  void write_response(json_writer& json) const;

  request_kind what_;
  bool has_response_ = false;
  const settings& settings_;
  event_list events_;
};

} // namespace cresset::detect::proto::pgsql
