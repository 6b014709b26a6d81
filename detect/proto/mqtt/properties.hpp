#pragma once

#include "capture/base/byte_reader.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace cresset::detect::proto::mqtt {

/// One property of MQTT 5 (section 2.2.2.2). Texts are slices of the message.
struct property {
  enum class kind : std::uint8_t { number, text, pair };
  std::string_view name; ///< as the event log writes it; of a pair its own first text
  kind what = kind::number;
  std::uint32_t number = 0;
  std::string_view text;
};

/// Reads a number of one to four bytes, seven bits each (section 1.5.5); nothing when it has a
/// fifth or runs off the end.
std::optional<std::uint32_t> read_variable_number(byte_reader& in) noexcept;
/// Two bytes of length, then as many bytes (sections 1.5.4 and 1.5.6).
std::optional<std::string_view> read_text(byte_reader& in) noexcept;
/// The next property; nothing when it is of no known kind or runs off the end.
std::optional<property> read_property(byte_reader& in) noexcept;

/// Reads the block of properties at the place of `in`: its length, then as many bytes, each
/// property whole. Nothing when they are not.
std::optional<byte_view> read_properties(byte_reader& in) noexcept;

} // namespace cresset::detect::proto::mqtt
