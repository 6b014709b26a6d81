// The correlator under ordinary traffic and under input made to hurt it: one attacker in every
// record with every record another victim, and one victim attacked by everybody. The time for a
// change must not grow with the number of changes.
#include "coord/incident/correlator.hpp"

#include <benchmark/benchmark.h>

#include <fstream>
#include <sstream>

using namespace cresset;
using namespace cresset::coord::incident;

namespace {

std::vector<correlation_rule> shipped_rules() {
  std::ifstream file{std::string{CRESSET_SOURCE} + "/appliance/config/correlation.yaml"};
  std::stringstream text;
  text << file.rdbuf();
  auto rules = parse_correlation_rules(text.str(), "correlation.yaml");
  if (!rules)
    std::abort();
  return *std::move(rules);
}

enum class traffic : int { ordinary, one_attacker, one_victim };

group_change change_of(traffic kind, std::uint32_t i) {
  group_change c;
  c.position = {i + 1};
  const auto mixed = (i + 1) * 2654435761U;
  c.group = {kind == traffic::ordinary ? 1 + mixed % 50'000 : i + 1};
  c.is_new = kind != traffic::ordinary;
  c.key.sid = 1 + mixed % 300;
  c.key.victim = ip_address::v4(kind == traffic::one_victim ? 7
                                : kind == traffic::ordinary ? mixed % 5000
                                                            : i);
  c.key.attacker = ip_address::v4(kind == traffic::one_attacker ? 7 : mixed);
  c.severity = 1 + static_cast<int>(mixed % 3);
  c.message = "EXPLOIT attempt";
  c.category = mixed % 2 == 0 ? "Web Application Attack" : "Detection of a Network Scan";
  c.added = c.alerts = 1;
  c.received = timestamp_from_ns(1'795'305'600'000'000'000 + std::int64_t{i} * 100'000);
  return c;
}

void correlate(benchmark::State& state) {
  const auto kind = static_cast<traffic>(state.range(0));
  const auto changes = static_cast<std::uint32_t>(state.range(1));
  const auto rules = shipped_rules();
  std::uint64_t steps = 0;
  for (auto _ : state) {
    correlator under_test{rules};
    std::vector<correlator_action> actions;
    for (std::uint32_t i = 0; i < changes; ++i) {
      under_test.take(change_of(kind, i), actions);
      actions.clear();
    }
    steps = under_test.count().steps;
  }
  state.SetItemsProcessed(state.iterations() * changes);
  state.counters["steps_per_change"] = static_cast<double>(steps) / static_cast<double>(changes);
}

} // namespace

BENCHMARK(correlate)
    ->ArgNames({"traffic", "changes"})
    ->ArgsProduct({{0, 1, 2}, {10'000, 100'000, 1'000'000}})
    ->Unit(benchmark::kMillisecond)
    ->Iterations(1);
BENCHMARK_MAIN();
