#include "coord/incident/address_book.hpp"

#include "coord/incident/words.hpp"

namespace cresset::coord::incident {
namespace {
constexpr words<traffic, 5> ways{{"unknown", "inbound", "outbound", "domestic", "transit"}};
} // namespace

std::string_view to_string(traffic way) noexcept {
  return ways.word(way);
}

} // namespace cresset::coord::incident
