// A sensor without packets: a real spool and a real uplink, fed by hand, for tests of the server
// behind it.
//
//   sensor_rig keys FOLDER NAME                        makes NAME.key and NAME.pub
//   sensor_rig run FOLDER NAME ENDPOINT SERVER.pub     reads commands from standard input until it
//   ends:
//     alert SID SEVERITY ATTACKER MESSAGE…             spools one alert, prints "sent"
#include "capture/base/key_file.hpp"
#include "detect/uplink/spool.hpp"
#include "detect/uplink/uplink.hpp"

#include <zmq.h>

#include <array>
#include <filesystem>
#include <iostream>
#include <span>
#include <sstream>
#include <stdexcept>

namespace {

using namespace cresset;

template <typename Result>
auto taken(Result result) {
  if (!result)
    throw std::runtime_error{result.error().text};
  return std::move(result).value();
}

void done(const expected<void, key_file_error>& result) {
  if (!result)
    throw std::runtime_error{result.error().text};
}

std::vector<std::byte> bytes_of(const std::array<char, 41>& z85) {
  std::array<std::uint8_t, 32> raw{};
  if (::zmq_z85_decode(raw.data(), z85.data()) == nullptr)
    throw std::runtime_error{"libzmq made a key it cannot read"};
  const auto bytes = std::as_bytes(std::span{raw});
  return {bytes.begin(), bytes.end()};
}

void make_keys(const std::filesystem::path& folder, const std::string& name) {
  std::array<char, 41> open{}, secret{};
  if (::zmq_curve_keypair(open.data(), secret.data()) != 0)
    throw std::runtime_error{"libzmq makes no keys"};
  const key_file key{key_kind::curve, name, bytes_of(open), bytes_of(secret)};
  done(save_key_file(folder / (name + ".key"), key, true));
  done(save_key_file(folder / (name + ".pub"), key, false));
}

detect::alert::alert alert_from(std::istream& words, const std::string& sensor) {
  detect::alert::alert alert;
  std::string attacker;
  std::uint32_t severity = 3;
  words >> alert.sid >> severity >> attacker;
  std::getline(words >> std::ws, alert.msg);
  alert.sensor = sensor;
  alert.captured_at = now();
  alert.rev = 1;
  alert.severity = detect::alert::severity{severity};
  alert.category = "Web Application Attack";
  alert.tuple = five_tuple{ip_address::parse(attacker).value(),
                           ip_address::parse("10.20.30.40").value(), 40123, 80, ip_protocol::tcp};
  alert.app_proto = "http";
  const auto payload = as_bytes("GET /?q=%27%20OR%201=1 HTTP/1.1\r\nHost: victim.example\r\n\r\n");
  alert.payload.assign(payload.begin(), payload.end());
  alert.payload_length = static_cast<std::uint32_t>(payload.size());
  return alert;
}

void run(const std::filesystem::path& folder, const std::string& name, const std::string& endpoint,
         const std::filesystem::path& server) {
  auto spool = taken(detect::uplink::spool::open({folder / "spool", std::uint64_t{1} << 24}));
  detect::uplink::uplink_options options;
  options.endpoint = endpoint;
  options.own = taken(load_key_file(folder / (name + ".key")));
  options.server = taken(load_key_file(server));
  detect::uplink::uplink uplink{spool, options};
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words{line};
    std::string command;
    words >> command;
    std::array<detect::alert::alert, 1> alerts{alert_from(words, name)};
    const auto last = spool.append(alerts);
    uplink.wake();
    std::cout << (command == "alert" && last ? "sent" : "refused") << std::endl;
  }
  uplink.stop(std::chrono::seconds{5});
}

} // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> words{arguments, arguments + count};
  try {
    if (words.size() == 4 && words[1] == "keys")
      make_keys(words[2], words[3]);
    else if (words.size() == 6 && words[1] == "run")
      run(words[2], words[3], words[4], words[5]);
    else
      throw std::runtime_error{"what to do? see the top of sensor_rig.cpp"};
    return 0;
  } catch (const std::exception& e) {
    std::cerr << "sensor_rig: " << e.what() << "\n";
    return 1;
  }
}
