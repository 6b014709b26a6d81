// A sensor that needs no packets: raises numbered alerts at a steady rate through the sensor's own
// way out (outbox, spool, uplink) until SIGTERM, then writes and sends what is left. The number of
// an alert is its time of capture in milliseconds since the epoch below, so that a database of any
// kind tells which numbers it holds.
//
// LIST is the generator's numbered list: a mapped file of one 64-bit number, the last one raised.
// It is written before the alert is offered, survives SIGKILL, and the next run goes on behind it.
//
// usage: raise_alerts ENDPOINT OWN_KEY SERVER_PUBLIC SPOOL_FOLDER LIST RATE [SPOOL_LIMIT_BYTES]
#include "detect/sensor/reporting.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <thread>

using namespace cresset;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t epoch_ns = 1'700'000'000'000'000'000;
constexpr std::uint64_t attackers = 40;

detect::alert::alert alert_of(std::uint64_t number) {
  detect::alert::alert alert;
  alert.sensor = "raiser";
  alert.captured_at = timestamp_from_ns(epoch_ns + static_cast<std::int64_t>(number) * 1'000'000);
  alert.sid = 1'000'001 + static_cast<std::uint32_t>(number % 3);
  alert.rev = 1;
  alert.severity = detect::alert::severity{1 + static_cast<std::uint32_t>(number % 3)};
  alert.msg = "SYSTEM TEST exploit of a web application";
  alert.category = "Web Application Attack";
  alert.classtype = "web-application-attack";
  alert.tuple =
      five_tuple{ip_address::v4(0xc6336400 + static_cast<std::uint32_t>(number % attackers)),
                 ip_address::v4(0x0a000001), 40000, 80, ip_protocol::tcp};
  alert.app_proto = "http";
  alert.packet.assign(200, std::byte{0x55});
  alert.packet_length = 200;
  return alert;
}

using list = std::atomic<std::uint64_t>;

list* map_list(const char* path) {
  const int fd = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0 || ::posix_fallocate(fd, 0, 4096) != 0)
    return nullptr;
  void* const mapped = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  return mapped == MAP_FAILED ? nullptr : static_cast<list*>(mapped);
}

std::atomic<bool> ending{false};

void raise_until_told(const detect::sensor::alert_sink& sink, list& last, double rate) {
  const auto begun = std::chrono::steady_clock::now();
  const auto first = last.load();
  while (!ending.load()) {
    const auto due =
        first +
        static_cast<std::uint64_t>(
            std::chrono::duration<double>{std::chrono::steady_clock::now() - begun}.count() * rate);
    for (auto number = last.load(); number < due && !ending.load();) {
      last.store(++number);
      sink(alert_of(number));
    }
    std::this_thread::sleep_for(1ms);
  }
}

} // namespace

int main(int count, char** words) {
  if (count < 7)
    return std::fprintf(stderr, "raise_alerts: six arguments\n"), 2;
  std::signal(SIGTERM, [](int) { ending.store(true); });
  auto* const last = map_list(words[5]);
  if (last == nullptr)
    return std::perror("raise_alerts"), 1;
  try {
    detect::sensor::coordinator_settings to;
    to.address = words[1];
    to.own_key = words[2];
    to.server_key = words[3];
    to.spool_folder = words[4];
    if (count > 7)
      to.spool_limit_bytes = std::strtoull(words[7], nullptr, 10);
    detect::sensor::reporting way_out{to};
    const auto cost = way_out.losses();
    std::printf("raising behind %llu, %llu lost in %llu kills, %llu at most\n",
                static_cast<unsigned long long>(last->load()),
                static_cast<unsigned long long>(cost.lost),
                static_cast<unsigned long long>(cost.kills),
                static_cast<unsigned long long>(cost.most_lost));
    std::fflush(stdout);
    raise_until_told(way_out.sink(), *last, std::atof(words[6]));
    way_out.finish(120s);
    std::printf("done %llu refused %llu\n", static_cast<unsigned long long>(last->load()),
                static_cast<unsigned long long>(way_out.refused()));
  } catch (const std::exception& e) {
    return std::fprintf(stderr, "raise_alerts: %s\n", e.what()), 1;
  }
  return 0;
}
