#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Messages of ONC RPC and NFS for tests.
namespace cresset::test::nfs {

inline std::string u32(std::uint64_t value) {
  std::string bytes;
  for (const int shift : {24, 16, 8, 0})
    bytes += static_cast<char>(value >> shift & 0xffU);
  return bytes;
}
inline std::string u64(std::uint64_t value) {
  return u32(value >> 32) + u32(value);
}
inline std::string zeros(std::size_t count) {
  return std::string(count, '\0');
}
inline std::string opaque(std::string_view bytes) {
  return u32(bytes.size()) + std::string{bytes} + zeros((4 - bytes.size() % 4) % 4);
}
/// A handle of version 2: the letter, 32 times.
inline std::string handle2(char letter) {
  return std::string(32, letter);
}

inline std::string unix_credentials() {
  return u32(1) + opaque(u32(7) + opaque("host") + u32(1000) + u32(100) + u32(0));
}
inline std::string call(std::uint32_t xid, std::uint32_t version, std::uint32_t procedure,
                        std::string_view arguments, std::uint32_t program = 100003) {
  return u32(xid) + u32(0) + u32(2) + u32(program) + u32(version) + u32(procedure) +
         unix_credentials() + u32(0) + u32(0) + std::string{arguments};
}
inline std::string reply(std::uint32_t xid, std::string_view results) {
  return u32(xid) + u32(1) + u32(0) + u32(0) + u32(0) + u32(0) + std::string{results};
}
inline std::string record(std::string_view message) {
  return u32(0x80000000U | message.size()) + std::string{message};
}
inline std::string compound(std::uint32_t operations, std::string_view bytes) {
  return opaque("tag") + u32(1) + u32(operations) + std::string{bytes};
}
inline std::string compound_reply(std::uint32_t status, std::uint32_t results,
                                  std::string_view bytes) {
  return u32(status) + opaque("tag") + u32(results) + std::string{bytes};
}

} // namespace cresset::test::nfs
