#pragma once

#include "detect/proto/event_list.hpp"
#include "detect/proto/stream_parser.hpp"
#include "detect/proto/transaction_list.hpp"

#include <cstdint>
#include <memory>

namespace cresset::detect::proto {

/// A message that is a transaction of its own: it goes one way only and is whole when it appears.
class one_way_message : public transaction {
public:
  one_way_message(std::uint64_t number, direction way) noexcept : transaction{number}, way_{way} {}

  direction way() const noexcept { return way_; }
  bool concerns(direction way) const noexcept override { return way == way_; }
  std::span<const std::string_view> events() const noexcept override { return events_.all(); }
  void raise(std::string_view event) noexcept { events_.raise(event); }
  bool is_logged() const noexcept override { return is_understood_; }

  /// Nothing more comes. A message that was not understood carries events only and is not logged.
  void complete(bool is_understood) noexcept {
    is_understood_ = is_understood;
    advance(direction::to_server, progress_done);
    advance(direction::to_client, progress_done);
  }

private:
  direction way_;
  bool is_understood_ = false;
  event_list events_;
};

/// What the parsers share whose every message is a transaction: the list of those nobody released
/// yet.
template <typename Message>
class message_parser : public stream_parser {
public:
  /// Most live transactions of one flow; what comes over it is counted and dropped.
  static constexpr std::size_t transaction_limit = 256;

  parse_status gap(direction, std::uint64_t) override { return parse_status::resynchronised; }
  void end(direction) override {}
  std::span<transaction* const> transactions() noexcept override { return live_.shown(); }
  void release(std::uint64_t number) noexcept override { live_.take(number); }
  /// Messages refused because transaction_limit was reached.
  std::uint64_t refused() const noexcept { return refused_; }

protected:
  /// A new transaction, or null where the limit is reached.
  template <typename... More>
  Message* add(direction way, More&&... more) {
    if (live_.size() >= transaction_limit) {
      ++refused_;
      return nullptr;
    }
    return &live_.add(
        std::make_unique<Message>(live_.next_number(), way, std::forward<More>(more)...));
  }
  transaction_list<Message> live_;

private:
  std::uint64_t refused_ = 0;
};

} // namespace cresset::detect::proto
