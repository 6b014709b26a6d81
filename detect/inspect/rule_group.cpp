#include "detect/inspect/rule_group.hpp"

#include "detect/inspect/image.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

std::size_t group_cache::hash::operator()(const traffic& t) const noexcept {
  const std::uint64_t packed = std::uint64_t{t.source_ports} << 48 |
                               std::uint64_t{t.destination_ports} << 32 |
                               std::uint64_t{t.transport} << 16 | t.way << 8 | t.state;
  const std::uint64_t mixed = (packed ^ t.protocol * 0x9e3779b97f4a7c15) * 0xd1b54a32d192ed03;
  return mixed ^ mixed >> 32;
}

const rule_group& group_cache::find(const traffic& of) {
  if (const auto found = groups_.find(of); found != groups_.end())
    return *found->second;
  if (groups_.size() >= limit_groups) {
    groups_.clear();
    ++generation_;
  }
  return *groups_.emplace(of, make(of)).first->second;
}

void group_cache::fill(candidate_list& to, const std::vector<std::uint32_t>& from,
                       const traffic& of) const {
  const auto& gates = rules_.gates_of_rules();
  for (const auto rule : from) {
    if (!gates.admits(rule, of))
      continue;
    const auto most = gates.probe_of(rule).server_most;
    if (gates.probe_of(rule).wants_damage) {
      to.damaged.push_back(rule);
    } else if (gates[rule].needs_state) {
      to.asking.push_back(rule);
    } else if (most != probe::any_bytes) {
      to.early.push_back(rule);
      to.early_pairs += gates.probe_of(rule).has_pair;
      to.early_most = std::max(to.early_most, most);
    } else {
      to.plain.push_back(rule);
      to.plain_pairs += gates.probe_of(rule).has_pair;
    }
  }
}

void group_cache::fill(rule_group::unit& to, const unit_rules& from, const traffic& of) const {
  fill(to.without_bytes, from.without_bytes, of);
  fill(to.without_literal, from.without_literal, of);
}

std::unique_ptr<rule_group> group_cache::make(const traffic& of) const {
  auto made = std::make_unique<rule_group>();
  for (const auto& of_transport : rules_.header)
    fill(made->header, of_transport.always, of);
  const auto way = of.way == 2 ? 1U : 0U; // without a flow as from the client
  if (gates::is_tcp(of)) {
    fill(made->packet, rules_.tcp_packet[way], of);
    fill(made->stream, rules_.stream[way], of);
  } else {
    fill(made->packet, rules_.datagram[way], of);
  }
  return made;
}

} // namespace cresset::detect::inspect
