#pragma once

#include "capture/base/counter.hpp"
#include "capture/base/five_tuple.hpp"
#include "capture/base/timestamp.hpp"
#include "detect/proto/stream_parser.hpp"

#include <deque>
#include <map>
#include <optional>
#include <tuple>

namespace cresset::detect::sensor {

/// Connections that others announced and that are not there yet. One a worker: an announced flow
/// that another worker gets is not recognised.
class expectations {
public:
  static constexpr std::size_t limit = 4096; ///< the oldest gives way, and is counted
  static constexpr auto lifetime = std::chrono::seconds{60};

  struct expected {
    proto::app_protocol protocol{};
    std::shared_ptr<const proto::announced> what;
  };

  /// `by` is the announcing flow, client first.
  void add(const proto::announcement& what, const five_tuple& by, timestamp now);
  /// The announcement that this flow (client first) answers, and forgets it.
  std::optional<expected> take(const five_tuple& flow, timestamp now);

  bool empty() const noexcept { return waiting_.empty(); }
  std::uint64_t refused() const noexcept { return refused_.value(); }

private:
  /// Who is connected to, at which port, by whom.
  using place = std::tuple<ip_address, std::uint16_t, ip_address>;
  struct entry {
    expected what;
    timestamp until;
    std::uint64_t number = 0;
  };
  void forget_old(timestamp now);

  std::map<place, entry> waiting_;
  std::deque<std::pair<std::uint64_t, place>> by_age_;
  std::uint64_t next_ = 0;
  counter refused_;
};

} // namespace cresset::detect::sensor
