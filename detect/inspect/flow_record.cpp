#include "detect/inspect/flow_record.hpp"

#include <algorithm>

namespace cresset::detect::inspect {

file_record& transaction_record::file(proto::direction way, std::uint32_t place) {
  for (auto& known : files)
    if (known.way == way && known.place == place)
      return known;
  auto& made = files.emplace_back();
  made.way = way;
  made.place = place;
  return made;
}

transaction_record& flow_record::of(std::uint64_t number) {
  // As a rule transactions come one behind the other, and their records stand so.
  if (transactions.empty() || transactions.back().number < number) {
    transactions.emplace_back().number = number;
    return transactions.back();
  }
  auto place = std::size_t{number - transactions.front().number};
  if (place < transactions.size() && transactions[place].number == number)
    return transactions[place];
  const auto at = std::lower_bound(transactions.begin(), transactions.end(), number,
                                   [](const transaction_record& record, std::uint64_t wanted) {
                                     return record.number < wanted;
                                   });
  if (at->number == number)
    return *at;
  const auto made = transactions.emplace(at);
  made->number = number;
  return *made;
}

void flow_record::forget(std::uint64_t number) noexcept {
  std::erase_if(transactions, [number](const auto& record) { return record.number == number; });
  if (transaction_bits.empty())
    return;
  transaction_bits.erase(transaction_bits.lower_bound({number, {}}),
                         transaction_bits.lower_bound({number + 1, {}}));
}

void flow_record::swap_sides() noexcept {
  std::swap(ip_rules_done[0], ip_rules_done[1]);
  std::swap(protocol_rules_done[0], protocol_rules_done[1]);
  std::swap(raw_due[0], raw_due[1]);
  std::swap(on_stream[0], on_stream[1]);
  groups = {};
  std::swap(stores_files[0], stores_files[1]);
}

} // namespace cresset::detect::inspect
