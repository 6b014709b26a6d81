#pragma once

#include "capture/base/byte_order.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

// Capture files as the tests write them, byte by byte.
namespace capture_files {

using bytes = std::vector<std::byte>;

inline void append(bytes& to, const bytes& more) {
  to.insert(to.end(), more.begin(), more.end());
}

/// Numbers in one byte order or the other.
struct writer {
  bool big_endian = false;

  bytes number(std::uint64_t value, std::size_t size) const {
    bytes out(size);
    for (std::size_t i = 0; i < size; ++i)
      out[big_endian ? size - 1 - i : i] = static_cast<std::byte>(value >> 8 * i & 0xff);
    return out;
  }
  bytes join(std::initializer_list<bytes> parts) const {
    bytes out;
    for (const auto& part : parts)
      append(out, part);
    return out;
  }

  bytes pcap_header(std::uint32_t link, bool nanoseconds = false) const {
    return join({number(nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 4), number(2, 2), number(4, 2),
                 number(0, 4), number(0, 4), number(262144, 4), number(link, 4)});
  }
  bytes pcap_record(std::uint32_t seconds, std::uint32_t fraction, const bytes& packet,
                    std::uint32_t wire = 0) const {
    return join({number(seconds, 4), number(fraction, 4), number(packet.size(), 4),
                 number(wire != 0 ? wire : packet.size(), 4), packet});
  }

  bytes block(std::uint32_t type, bytes body) const {
    while (body.size() % 4 != 0)
      body.push_back(std::byte{0});
    const auto length = number(body.size() + 12, 4);
    return join({number(type, 4), length, body, length});
  }
  bytes section() const {
    return block(0x0a0d0d0a, join({number(0x1a2b3c4d, 4), number(1, 2), number(0, 2),
                                   number(~std::uint64_t{0}, 8)}));
  }
  bytes interface(std::uint16_t link, std::uint32_t snap_length = 0,
                  const bytes& options = {}) const {
    return block(1, join({number(link, 2), number(0, 2), number(snap_length, 4), options}));
  }
  bytes option(std::uint16_t code, bytes value) const {
    const auto length = value.size();
    while (value.size() % 4 != 0)
      value.push_back(std::byte{0});
    return join({number(code, 2), number(length, 2), value});
  }
  bytes enhanced(std::uint32_t interface, std::uint64_t ticks, const bytes& packet,
                 std::uint32_t wire = 0) const {
    return block(
        6, join({number(interface, 4), number(ticks >> 32, 4), number(ticks & 0xffffffff, 4),
                 number(packet.size(), 4), number(wire != 0 ? wire : packet.size(), 4), packet}));
  }
};

/// A packet of `size` bytes, each `value`.
inline bytes filled(std::size_t size, unsigned value) {
  return bytes(size, static_cast<std::byte>(value));
}

/// A file with these bytes for as long as it lives.
class temporary_file {
public:
  explicit temporary_file(const bytes& content) {
    auto name = (std::filesystem::temp_directory_path() / "cresset-source-XXXXXX").string();
    const int file = ::mkstemp(name.data());
    ::close(file);
    path_ = name;
    std::ofstream{path_, std::ios::binary}.write(reinterpret_cast<const char*>(content.data()),
                                                 static_cast<std::streamsize>(content.size()));
  }
  ~temporary_file() { std::filesystem::remove(path_); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace capture_files
