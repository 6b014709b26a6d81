#include "detect/inspect/dce_interface.hpp"

#include <algorithm>
#include <cstring>

namespace cresset::detect::inspect {
namespace {

constexpr std::size_t uuid_size = 16;
constexpr std::size_t instance_size = uuid_size + 2 + 2 + 1;

bool is_wanted(const rule::options::dce_interface& wanted, byte_view instance) noexcept {
  if (instance.size() != instance_size ||
      std::memcmp(instance.data(), wanted.uuid.data(), uuid_size) != 0)
    return false;
  const auto major = load_be16(instance.subspan<uuid_size, 2>());
  const bool first_fragment = instance.back() != std::byte{0};
  return (wanted.any_fragment || first_fragment) && (!wanted.version || (*wanted.version)(major));
}

} // namespace

bool names_interface(const rule::options::dce_interface& wanted,
                     const std::vector<table_place>& places, const proto::transaction& tx,
                     proto::app_protocol protocol, proto::direction way) noexcept {
  for (const auto& at : places) {
    if (at.protocol != protocol || at.way != way)
      continue;
    for (std::size_t i = 0, count = tx.instances(at.id); i < count; ++i)
      if (const auto bytes = tx.buffer(at.id, i); bytes && is_wanted(wanted, *bytes))
        return true;
  }
  return false;
}

bool is_listed(const rule::options::number_list& list, std::uint64_t value) noexcept {
  const auto number = static_cast<std::int64_t>(value);
  const bool found = std::any_of(list.ranges.begin(), list.ranges.end(), [&](const auto& range) {
    return number >= range.first && number <= range.second;
  });
  return found != list.negated;
}

} // namespace cresset::detect::inspect
