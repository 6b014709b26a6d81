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
  // Few are alive at once, and the newest is asked for most.
  for (auto record = transactions.rbegin(); record != transactions.rend(); ++record)
    if (record->number == number)
      return *record;
  transactions.emplace_back();
  transactions.back().number = number;
  return transactions.back();
}

void flow_record::forget(std::uint64_t number) noexcept {
  std::erase_if(transactions, [number](const auto& record) { return record.number == number; });
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
