#include "bench/alert_mix.hpp"

#include <algorithm>
#include <cmath>

namespace cresset::bench {
namespace {

constexpr std::uint32_t groups = 20'000;
constexpr std::uint32_t rules = 500;
constexpr std::uint32_t victims = 2'000;
constexpr double zipf = 1.1;
constexpr std::uint64_t one_new_in = 200;

/// splitmix64 (Vigna 2015): numbers beside one another give numbers that have nothing in common.
std::uint64_t scramble(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
  x = (x ^ x >> 27) * 0x94d049bb133111eb;
  return x ^ x >> 31;
}

std::uint32_t severity_of(std::uint64_t random) {
  const auto percent = random % 100;
  return percent < 2 ? 1 : percent < 25 ? 2 : 3;
}

} // namespace

std::optional<mix_kind> mix_of(const std::string& word) {
  if (word == "realistic")
    return mix_kind::realistic;
  if (word == "one-attacker")
    return mix_kind::one_attacker;
  if (word == "new-groups")
    return mix_kind::new_groups;
  return std::nullopt;
}

alert_mix::alert_mix(const options& how) : how_{how} {
  double total = 0;
  for (std::uint32_t rank = 1; rank <= groups; ++rank)
    up_to_.push_back(total += std::pow(rank, -zipf));
  for (auto& sum : up_to_)
    sum /= total;
}

std::uint32_t alert_mix::pick(std::uint64_t random) const {
  const auto at = static_cast<double>(random >> 11) * 0x1.0p-53;
  return static_cast<std::uint32_t>(std::ranges::lower_bound(up_to_, at) - up_to_.begin());
}

detect::alert::alert alert_mix::make(std::uint32_t sensor, std::uint64_t number) const {
  const auto random = scramble(std::uint64_t{sensor} << 48 ^ number);
  const bool is_new = how_.kind == mix_kind::new_groups ||
                      (how_.kind == mix_kind::realistic && scramble(random) % one_new_in == 0);
  const auto group = is_new ? random : scramble(pick(random));
  detect::alert::alert alert;
  alert.captured_at = how_.base + std::chrono::microseconds{number};
  alert.sid = 2'000'000 + static_cast<std::uint32_t>(group % rules);
  alert.rev = 3;
  alert.severity = detect::alert::severity{severity_of(group >> 7)};
  alert.msg = "BENCH a rule message of ordinary length, number " + std::to_string(alert.sid);
  alert.category = "Web Application Attack";
  alert.classtype = "web-application-attack";
  const auto attacker = how_.kind == mix_kind::one_attacker
                            ? ip_address::v4(0xc6336407)
                            : ip_address::v4(0x64000000 | (group >> 24 & 0xffffff));
  const auto victim = how_.kind == mix_kind::realistic ? group >> 12 & 0xffff : group >> 12;
  alert.tuple =
      five_tuple{attacker,
                 ip_address::v4(0x0a000000 +
                                static_cast<std::uint32_t>(victim % (is_new ? 0xffffff : victims))),
                 static_cast<std::uint16_t>(32768 + random % 28000), 80, ip_protocol::tcp};
  alert.way = detect::alert::direction::to_server;
  alert.app_proto = "http";
  alert.transaction_json =
      R"("http":{"hostname":"www.example.org","url":"/index.php?id=1","http_method":"GET","status":200})";
  alert.metadata = {{"mitre_technique_id", "T1190"}, {"signature_severity", "Major"}};
  alert.packet.assign(how_.packet_bytes, static_cast<std::byte>(random));
  alert.packet_length = static_cast<std::uint32_t>(how_.packet_bytes);
  alert.payload.assign(how_.payload_bytes, static_cast<std::byte>(random >> 8));
  alert.payload_length = static_cast<std::uint32_t>(how_.payload_bytes);
  return alert;
}

} // namespace cresset::bench
