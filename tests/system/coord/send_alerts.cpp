// Sends made-up alerts over the real uplink, spool and all, and waits until the server has stored
// them: a sensor without packets, for system tests of the coordination server.
//
// usage: send_alerts ENDPOINT OWN_KEY SERVER_PUBLIC SPOOL_FOLDER SENSOR COUNT SEVERITY
#include "detect/uplink/spool.hpp"
#include "detect/uplink/uplink.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

using namespace cresset;
using namespace std::chrono_literals;

namespace {

detect::alert::alert alert_of(const char* sensor, std::uint32_t number, std::uint32_t severity) {
  detect::alert::alert alert;
  alert.sensor = sensor;
  alert.captured_at = now();
  alert.sid = 1'000'001;
  alert.rev = 1;
  alert.severity = detect::alert::severity{severity};
  alert.msg = "SYSTEM TEST exploit of a web application";
  alert.category = "Web Application Attack";
  alert.classtype = "web-application-attack";
  alert.tuple = five_tuple{ip_address::v4(0xc6336400 + number % 5), ip_address::v4(0x0a000001),
                           40000, 80, ip_protocol::tcp};
  alert.app_proto = "http";
  alert.packet.assign(64, std::byte{0x55});
  alert.packet_length = 64;
  return alert;
}

template <typename Result>
auto value_of(Result&& result) {
  if (!result) {
    std::fprintf(stderr, "send_alerts: %s\n", result.error().text.c_str());
    std::exit(1);
  }
  return std::move(*result);
}

} // namespace

int main(int count, char** words) {
  if (count != 8)
    return std::fprintf(stderr, "send_alerts: seven arguments\n"), 2;
  detect::uplink::spool_options where;
  where.folder = words[4];
  auto spool = value_of(detect::uplink::spool::open(where));
  std::vector<detect::alert::alert> alerts;
  for (int i = 0; i < std::atoi(words[6]); ++i)
    alerts.push_back(alert_of(words[5], static_cast<std::uint32_t>(i),
                              static_cast<std::uint32_t>(std::atoi(words[7]))));
  if (!alerts.empty())
    (void)value_of(spool.append(alerts));
  detect::uplink::uplink_options how;
  how.endpoint = words[1];
  how.own = value_of(load_key_file(words[2]));
  how.server = value_of(load_key_file(words[3]));
  detect::uplink::uplink line{spool, how};
  line.wake();
  line.stop(60s);
  const auto left = spool.position();
  std::printf("%llu left\n", static_cast<unsigned long long>(left.next - left.first));
  return left.next == left.first ? 0 : 1;
}
