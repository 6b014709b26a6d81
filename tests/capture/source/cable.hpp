#pragma once

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace capture_files {

/// A network of its own with one cable, cresset0 to cresset1, that nothing else sends on. It is
/// gone with this process.
class cable {
public:
  cable() {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): the tests have one thread
    ready_ = ::unshare(CLONE_NEWNET) == 0 &&
             std::system("ip link add cresset0 type veth peer name cresset1 2>/dev/null &&"
                         "sysctl -qw net.ipv6.conf.all.disable_ipv6=1 2>/dev/null;"
                         "ip link set cresset0 up && ip link set cresset1 up") == 0;
    if (!ready_)
      return;
    socket_ = ::socket(AF_PACKET, SOCK_RAW, 0);
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = static_cast<int>(::if_nametoindex("cresset1"));
    ready_ = socket_ >= 0 && ::bind(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }
  ~cable() {
    if (socket_ >= 0)
      ::close(socket_);
  }
  cable(const cable&) = delete;
  cable& operator=(const cable&) = delete;

  static cable& shared() {
    static cable one;
    return one;
  }
  bool is_ready() const { return ready_; }

  /// An Ethernet frame of `size` bytes with a UDP datagram of flow number `flow`.
  void send(std::size_t size, std::uint16_t flow, bool reversed = false) const {
    std::vector<std::byte> frame(size);
    const auto put = [&](std::size_t at, std::initializer_list<unsigned> values) {
      for (const auto value : values)
        frame[at++] = static_cast<std::byte>(value);
    };
    put(0, {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0});
    put(14, {0x45, 0, static_cast<unsigned>((size - 14) >> 8),
             static_cast<unsigned>((size - 14) & 0xff)});
    put(22, {64, 17, 0, 0});
    const std::initializer_list<unsigned> here{192, 0, 2, 1};
    const std::initializer_list<unsigned> there{198, 51, 100, 2};
    put(26, reversed ? there : here);
    put(30, reversed ? here : there);
    const unsigned high = flow >> 8;
    const unsigned low = flow & 0xff;
    if (reversed)
      put(34, {0, 53, high, low});
    else
      put(34, {high, low, 0, 53});
    put(38,
        {static_cast<unsigned>((size - 34) >> 8), static_cast<unsigned>((size - 34) & 0xff), 0, 0});
    BOOST_REQUIRE(::send(socket_, frame.data(), frame.size(), 0) == static_cast<ssize_t>(size));
  }

private:
  bool ready_ = false;
  int socket_ = -1;
};

} // namespace capture_files
