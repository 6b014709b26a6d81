// Whatever a file holds, it is read or refused; what was read is in one form, in order, each key
// once, makes a table, and reads back from CSV.
#include "coord/segment/csv_line.hpp"
#include "coord/segment/difference.hpp"
#include "coord/segment/importer.hpp"
#include "coord/segment/registry.hpp"

#include <cstdint>
#include <cstdlib>
#include <tuple>

using namespace cresset;
using namespace cresset::coord::segment;

namespace {

void check(const imported& read) {
  for (std::size_t i = 1; i < read.records.size(); ++i) {
    const auto& before = read.records[i - 1];
    const auto& one = read.records[i];
    if (!(std::tie(before.kind, before.key) < std::tie(one.kind, one.key)))
      std::abort();
  }
  for (auto again : read.records)
    if (settle(again))
      std::abort();
  if (!difference_of(read.records, read.records).is_empty())
    std::abort();
  const registry of{read.records, day{std::chrono::days{20'000}}};
  for (const auto& r : read.records)
    if (const auto where = r.kind == record_kind::prefix ? network::parse(r.key) : std::nullopt)
      (void)of.find(where->first);
  std::string table = std::string{csv_header} + "\n";
  for (const auto& r : read.records)
    table += csv_line(r) + "\n";
  (void)read_import(table, {import_format::csv, "", "", ""});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view text{reinterpret_cast<const char*>(bytes) + 1, size - 1};
  const import_options options{static_cast<import_format>(bytes[0] % 3), "KZ",
                               bytes[0] % 2 == 0 ? "" : "UZ", bytes[0] % 5 == 0 ? "isp" : ""};
  const auto read = read_import(text, options);
  if (read)
    check(*read);
  else if (read.error().empty() || read.error().size() > import_limit_mistakes)
    std::abort();
  return 0;
}
