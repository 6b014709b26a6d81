#pragma once

#include "tests/support/parser_feed.hpp"

#include <string>

/// Messages of SMB as its tests write them.
namespace cresset::test::smb {

inline std::string le(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i)
    bytes += i < sizeof value ? static_cast<char>(value >> (8 * i)) : '\0';
  return bytes;
}
inline std::string utf16(std::string_view text) {
  std::string bytes;
  for (const char c : text)
    bytes += std::string{c, '\0'};
  return bytes;
}
inline std::string record(const std::string& message) {
  const auto size = message.size();
  return std::string{'\0', static_cast<char>(size >> 16), static_cast<char>(size >> 8),
                     static_cast<char>(size)} +
         message;
}

struct smb2 {
  std::uint16_t command = 0;
  std::uint64_t message = 0;
  std::string body{};
  bool response = false;
  std::uint32_t status = 0;
  std::uint32_t flags = 0;
  std::uint32_t tree = 1;
  std::uint64_t session = 7;

  std::string bytes(std::uint32_t next = 0) const {
    return "\xfeSMB" + le(64, 2) + le(1, 2) + le(status, 4) + le(command, 2) + le(1, 2) +
           le(flags | (response ? 1U : 0U), 4) + le(next, 4) + le(message, 8) + le(0, 4) +
           le(tree, 4) + le(session, 8) + std::string(16, 's') + body;
  }
  operator std::string() const { return record(bytes()); }
};

inline std::string file_id(char id) {
  return std::string(8, id) + std::string(8, 'v');
}
inline const std::string compound_handle(16, '\xff');

// Bodies; offsets in them count from the header's begin, 64 bytes before.
inline std::string negotiate_request() {
  return le(36, 2) + le(2, 2) + le(1, 2) + le(0, 2) + le(0, 4) + std::string(16, 'c') + le(0, 8) +
         le(0x0202, 2) + le(0x0311, 2);
}
inline std::string negotiate_response(std::uint32_t most = 65536) {
  return le(65, 2) + le(1, 2) + le(0x0311, 2) + le(0, 2) + std::string(16, 'g') + le(0, 4) +
         le(most, 4) + le(most, 4) + le(most, 4) + le(0, 24);
}
inline std::string session_request(const std::string& blob) {
  return le(25, 2) + le(0, 2) + le(0, 8) + le(88, 2) + le(blob.size(), 2) + le(0, 8) + blob;
}
inline std::string session_response() {
  return le(9, 2) + le(0, 2) + le(72, 2) + le(0, 2);
}
inline std::string tree_request(const std::string& share) {
  return le(9, 2) + le(0, 2) + le(72, 2) + le(2 * share.size(), 2) + utf16(share);
}
inline std::string tree_response(int type) {
  return le(16, 2) + static_cast<char>(type) + std::string(13, '\0');
}
inline std::string create_request(const std::string& name, std::uint32_t options = 0) {
  return le(57, 2) + std::string(22, '\0') + le(0, 12) + le(3, 4) + le(options, 4) + le(120, 2) +
         le(2 * name.size(), 2) + le(0, 8) + utf16(name);
}
inline std::string create_response(char id) {
  return le(89, 2) + le(0, 2) + le(1, 4) + le(132'000'000'000'000'000, 8) + le(0, 24) + le(0, 8) +
         le(99, 8) + le(0, 8) + file_id(id) + le(0, 8);
}
inline std::string close_request(const std::string& file) {
  return le(24, 2) + le(0, 6) + file;
}
inline std::string close_response() {
  return le(60, 2) + std::string(58, '\0');
}
inline std::string read_request(const std::string& file, std::uint64_t offset,
                                std::uint32_t size = 100) {
  return le(49, 2) + le(0, 2) + le(size, 4) + le(offset, 8) + file + le(0, 17);
}
inline std::string read_response(const std::string& data) {
  return le(17, 2) + le(80, 2) + le(data.size(), 4) + le(0, 8) + data;
}
inline std::string write_request(const std::string& file, std::uint64_t offset,
                                 const std::string& data) {
  return le(49, 2) + le(112, 2) + le(data.size(), 4) + le(offset, 8) + file + le(0, 16) + data;
}
inline std::string write_response() {
  return le(17, 2) + std::string(14, '\0');
}
inline std::string control_request(std::uint32_t function, const std::string& file,
                                   const std::string& input) {
  return le(57, 2) + le(0, 2) + le(function, 4) + file + le(120, 4) + le(input.size(), 4) +
         le(0, 24) + input;
}
inline std::string control_response(std::uint32_t function, const std::string& file,
                                    const std::string& output) {
  return le(49, 2) + le(0, 2) + le(function, 4) + file + le(0, 8) + le(112, 4) +
         le(output.size(), 4) + le(0, 8) + output;
}
inline std::string set_info_request(const std::string& file, int type, int level,
                                    const std::string& data) {
  return le(33, 2) + static_cast<char>(type) + static_cast<char>(level) + le(data.size(), 4) +
         le(96, 2) + le(0, 6) + file + data;
}

inline std::string ntlm_authenticate(const std::string& domain, const std::string& user,
                                     const std::string& host) {
  std::string payload, fields;
  std::size_t at = 72;
  for (const auto& text : {std::string{}, std::string{}, domain, user, host, std::string{}}) {
    fields += le(2 * text.size(), 2) + le(2 * text.size(), 2) + le(at, 4);
    payload += utf16(text);
    at += 2 * text.size();
  }
  return std::string{"NTLMSSP\0", 8} + le(3, 4) + fields + le(0x02000001, 4) + std::string{6, 1} +
         le(7601, 2) + std::string{0, 0, 0, 15} + payload;
}

/// One BER element of less than 65,536 bytes.
inline std::string ber(int tag, const std::string& content) {
  return std::string{static_cast<char>(tag), '\x82', static_cast<char>(content.size() >> 8),
                     static_cast<char>(content.size())} +
         content;
}

struct smb1 {
  int command = 0;
  std::string words{};
  std::string data{};
  bool response = false;
  std::uint32_t status = 0;
  std::uint16_t mid = 1;
  std::uint16_t flags2 = 0x4000; ///< NT status, no Unicode
  std::uint16_t tree = 5;

  std::string bytes() const {
    return "\xffSMB" + le(static_cast<std::uint64_t>(command), 1) + le(status, 4) +
           le(response ? 0x98 : 0x18, 1) + le(flags2, 2) + le(0, 12) + le(tree, 2) + le(77, 2) +
           le(9, 2) + le(mid, 2) + le(words.size() / 2, 1) + words + le(data.size(), 2) + data;
  }
  operator std::string() const { return record(bytes()); }
};
inline const std::string no_andx = le(0xff, 4);

} // namespace cresset::test::smb
