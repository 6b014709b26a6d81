// The ends of all ranges of all sets cut the ports into runs; within one run every set answers the
// same. Runs with the same answers are one class. A few hundred sets make a few hundred classes.
#include "detect/inspect/port_classes.hpp"

#include <map>
#include <set>
#include <stdexcept>

namespace cresset::detect::inspect {

std::uint16_t port_classes::add(const std::shared_ptr<const rule::port_set>& ports) {
  const auto found = number_of_.find(ports.get());
  if (found != number_of_.end())
    return found->second;
  for (std::size_t i = 0; i < sets_.size(); ++i)
    if (*sets_[i] == *ports) // the same ports written in another rule
      return number_of_[ports.get()] = static_cast<std::uint16_t>(i);
  if (sets_.size() > UINT16_MAX)
    throw std::runtime_error{"more than 65,536 different sets of ports in one rule set"};
  sets_.push_back(ports);
  return number_of_[ports.get()] = static_cast<std::uint16_t>(sets_.size() - 1);
}

void port_classes::build() {
  words_ = sets_.size() / 64 + 1;
  std::set<std::uint32_t> cuts{0, 65'536};
  for (const auto& set : sets_)
    for (const auto& range : set->ranges()) {
      cuts.insert(range.first);
      cuts.insert(std::uint32_t{range.last} + 1);
    }
  std::vector<std::uint64_t> row(words_);
  const auto fill = [&](auto&& holds) {
    row.assign(words_, 0);
    for (std::size_t i = 0; i < sets_.size(); ++i)
      row[i / 64] |= std::uint64_t{holds(*sets_[i])} << i % 64;
  };
  fill([](const rule::port_set& set) { return set.is_any(); });
  bits_ = row;
  std::map<std::vector<std::uint64_t>, std::uint16_t> known;
  class_of_.assign(65'536, none);
  for (auto cut = cuts.begin(); *cut != 65'536; ++cut) {
    fill([&](const rule::port_set& set) { return set.contains(static_cast<std::uint16_t>(*cut)); });
    // the class of no port stands first: ports never share it
    const auto [place, is_new] =
        known.try_emplace(row, static_cast<std::uint16_t>(known.size() + 1));
    if (is_new)
      bits_.insert(bits_.end(), row.begin(), row.end());
    std::fill(class_of_.begin() + *cut, class_of_.begin() + *std::next(cut), place->second);
  }
  number_of_.clear();
}

} // namespace cresset::detect::inspect
