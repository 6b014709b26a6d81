// How many alerts a second the coordination server takes: batches through `store::alert_store` into
// a private PostgreSQL with fsync on, from this one thread, as the ingest loop's thread does it.
// Alerts carry packet and payload, touch a number of groups, and nothing is left out: groups,
// changes, evidence, cursor. Last lines: JSON, one figure each.
//
// usage: ingest_bench [seconds] [alerts a batch] [groups] [packet bytes] [payload bytes]
#include "coord/store/embedded_postgres.hpp"
#include "coord/store/store.hpp"
#include "detect/alert/wire.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <vector>

using namespace cresset;
using clock_type = std::chrono::steady_clock;

namespace {

struct plan {
  double seconds = 10;
  std::size_t batch = 1000;
  std::uint32_t groups = 500;
  std::size_t packet = 400;
  std::size_t payload = 200;
};

detect::alert::alert alert_of(const plan& p, std::uint32_t number,
                              const detect::alert::epoch_id& epoch) {
  detect::alert::alert alert;
  alert.sensor = "bench";
  alert.epoch = epoch;
  alert.captured_at = now();
  alert.sid = 2'000'000 + number % 97;
  alert.rev = 3;
  alert.severity = detect::alert::severity{1 + number % 3};
  alert.msg = "BENCH a rule message of ordinary length for this purpose";
  alert.category = "Web Application Attack";
  alert.classtype = "web-application-attack";
  const auto group = number * 2654435761U % p.groups;
  alert.tuple = five_tuple{ip_address::v4(0xc6330000 + group % 200),
                           ip_address::v4(0x0a000000 + group), 40000, 80, ip_protocol::tcp};
  alert.app_proto = "http";
  alert.transaction_json =
      R"("http":{"hostname":"www.example.org","url":"/index.php?id=1","http_method":"GET","status":200})";
  alert.packet.assign(p.packet, std::byte{0x55});
  alert.packet_length = static_cast<std::uint32_t>(p.packet);
  alert.payload.assign(p.payload, std::byte{0x41});
  alert.payload_length = static_cast<std::uint32_t>(p.payload);
  return alert;
}

coord::ingest::alert_run run_of(const plan& p, std::uint64_t first, coord::ingest::sensor_id sensor,
                                const detect::alert::epoch_id& epoch) {
  coord::ingest::alert_run run;
  run.sensor = sensor;
  run.epoch = epoch;
  run.first = first;
  run.last = first + p.batch - 1;
  for (std::uint64_t sequence = run.first; sequence <= run.last; ++sequence) {
    auto alert = alert_of(p, static_cast<std::uint32_t>(sequence), epoch);
    alert.sequence = sequence;
    auto record = detect::alert::encode(alert);
    run.entries.emplace_back(coord::ingest::accepted_alert{std::move(alert), std::move(record)});
  }
  return run;
}

void print(const char* name, double value, const char* unit) {
  std::printf("{\"name\": \"%s\", \"value\": %.1f, \"unit\": \"%s\"}\n", name, value, unit);
}

int measure(const plan& p, const std::filesystem::path& folder) {
  coord::store::embedded_postgres::options how;
  how.folder = folder / "pg";
  const coord::store::embedded_postgres postgres{how};
  const auto store = coord::store::store::open(postgres.url());
  if (!store)
    return std::fprintf(stderr, "ingest_bench: %s\n", store.error().text.c_str()), 1;
  const auto sensor = (*store)->sensors.add("bench", {}, "bench");
  if (!sensor)
    return std::fprintf(stderr, "ingest_bench: %s\n", sensor.error().text.c_str()), 1;
  detect::alert::epoch_id epoch;
  epoch.bytes[0] = std::byte{1};
  std::uint64_t next = 1;
  std::vector<double> commits_ms;
  clock_type::duration storing{};
  const auto end = clock_type::now() + std::chrono::duration_cast<clock_type::duration>(
                                           std::chrono::duration<double>{p.seconds});
  while (clock_type::now() < end) {
    auto run = run_of(p, next, *sensor, epoch);
    run.received_at = now();
    const auto begun = clock_type::now();
    const auto outcome = (*store)->alerts.commit({&run, 1});
    const auto took = clock_type::now() - begun;
    if (!outcome || !outcome->front().accepted)
      return std::fprintf(stderr, "ingest_bench: a batch was not taken\n"), 1;
    storing += took;
    commits_ms.push_back(std::chrono::duration<double, std::milli>{took}.count());
    next = run.last + 1;
  }
  std::ranges::sort(commits_ms);
  const double alerts = static_cast<double>(next - 1);
  print("ingest_alerts", alerts, "alerts");
  print("ingest_rate", alerts / std::chrono::duration<double>{storing}.count(), "alerts/s");
  print("ingest_commit_p50", commits_ms[commits_ms.size() / 2], "ms");
  print("ingest_commit_p99", commits_ms[commits_ms.size() * 99 / 100], "ms");
  return 0;
}

} // namespace

int main(int count, char** words) {
  plan p;
  const auto number = [&](int at, auto otherwise) {
    return count > at ? static_cast<decltype(otherwise)>(std::atof(words[at])) : otherwise;
  };
  p.seconds = number(1, p.seconds);
  p.batch = std::max<std::size_t>(1, number(2, p.batch));
  p.groups = std::max(1U, number(3, p.groups));
  p.packet = number(4, p.packet);
  p.payload = number(5, p.payload);
  std::string folder = "/tmp/cresset-bench-XXXXXX";
  if (::mkdtemp(folder.data()) == nullptr)
    return 1;
  std::filesystem::permissions(folder, std::filesystem::perms{0755});
  int code = 1;
  try {
    code = measure(p, folder);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "ingest_bench: %s\n", e.what());
  }
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  return code;
}
