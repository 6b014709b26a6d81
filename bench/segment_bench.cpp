// What a look-up of an address costs, with the shared data: the world's delegations of 2014 (26,000
// of whose lines are IPv4 and IPv6) and the prefix lists of a region, one of which is ours.
//
// usage: bench/run segment [DELEGATIONS]    (a file of delegations, unpacked; without it the lists
// alone)
#include "capture/base/timestamp.hpp"
#include "coord/segment/importer.hpp"
#include "coord/segment/registry.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

using namespace cresset;
using namespace cresset::coord::segment;
using clock_type = std::chrono::steady_clock;

namespace {

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void add(std::vector<record>& all, const std::filesystem::path& file, import_format format) {
  const auto read = read_import(text_of(file), {format, "KZ", "", ""});
  if (!read) {
    std::fprintf(stderr, "segment_bench: %s:%zu: %s\n", file.c_str(), read.error().front().line,
                 read.error().front().why.c_str());
    std::exit(1);
  }
  all.insert(all.end(), read->records.begin(), read->records.end());
}

void print(const char* name, double value, const char* unit) {
  std::printf("{\"name\": \"%s\", \"value\": %.1f, \"unit\": \"%s\"}\n", name, value, unit);
}

double ms_since(clock_type::time_point begun) {
  return std::chrono::duration<double, std::milli>(clock_type::now() - begun).count();
}

/// Nanoseconds a look-up over random addresses, half of which lie in known prefixes.
void measure(const registry& of, const std::vector<ip_address>& addresses, const char* name) {
  constexpr int rounds = 20;
  std::size_t ours = 0;
  const auto begun = clock_type::now();
  for (int round = 0; round < rounds; ++round)
    for (const auto& address : addresses)
      ours += of.find(address).is_ours ? 1 : 0;
  const double ns = ms_since(begun) * 1e6 / (rounds * static_cast<double>(addresses.size()));
  print(name, ns, "ns");
  std::fprintf(stderr, "%s: %zu of %zu are ours\n", name, ours / rounds, addresses.size());
}

} // namespace

int main(int count, char** words) {
  std::vector<record> all;
  const std::filesystem::path shared = CRESSET_SHARED "/data/segment";
  auto begun = clock_type::now();
  for (const auto& entry : std::filesystem::directory_iterator{shared})
    if (entry.is_directory())
      for (const auto* family : {"ipv4-aggregated.txt", "ipv6-aggregated.txt"})
        add(all, entry.path() / family, import_format::prefix_list);
  if (count > 1)
    add(all, words[1], import_format::delegated);
  print("segment_read", ms_since(begun), "ms");
  begun = clock_type::now();
  const registry of{all, std::chrono::floor<std::chrono::days>(now())};
  print("segment_build", ms_since(begun), "ms");
  print("segment_records", static_cast<double>(all.size()), "records");
  print("segment_ranges", static_cast<double>(of.table().size()), "ranges");
  print("segment_memory", static_cast<double>(of.table().memory_bytes()) / 1024, "KiB");
  std::mt19937_64 random{20261122};
  std::vector<ip_address> v4;
  std::vector<ip_address> v6;
  for (const auto& r : all)
    if (const auto where = network::parse(r.key); where && r.kind == record_kind::prefix)
      (where->first.is_v4() ? v4 : v6).push_back(where->first);
  for (auto known = v4.size(); known > 0; --known)
    v4.push_back(ip_address::v4(static_cast<std::uint32_t>(random())));
  std::shuffle(v4.begin(), v4.end(), random);
  std::shuffle(v6.begin(), v6.end(), random);
  measure(of, v4, "segment_find_v4");
  measure(of, v6, "segment_find_v6");
  return 0;
}
