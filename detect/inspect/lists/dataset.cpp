#include "detect/inspect/lists/dataset.hpp"

#include "capture/base/ip_address.hpp"

#include <openssl/evp.h>

#include <array>
#include <mutex>

namespace cresset::detect::inspect::lists {
namespace {

std::optional<std::string> from_hex(std::string_view text, std::size_t size) {
  if (text.size() != 2 * size)
    return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    unsigned value = 0;
    for (const char c : text.substr(i, 2)) {
      const auto digit = std::string_view{"0123456789abcdef"}.find(
          c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit == std::string_view::npos)
        return std::nullopt;
      value = value << 4 | static_cast<unsigned>(digit);
    }
    bytes.push_back(static_cast<char>(value));
  }
  return bytes;
}

std::string to_hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    text.push_back("0123456789abcdef"[static_cast<unsigned char>(c) >> 4]);
    text.push_back("0123456789abcdef"[static_cast<unsigned char>(c) & 0xf]);
  }
  return text;
}

std::optional<std::string> from_base64(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0)
    return std::nullopt;
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0)
    return std::nullopt;
  bytes.resize(static_cast<std::size_t>(size) - (text.ends_with("==")  ? 2
                                                 : text.ends_with('=') ? 1
                                                                       : 0));
  return bytes;
}

std::string to_base64(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

constexpr std::string_view mapped_prefix{"\0\0\0\0\0\0\0\0\0\0\xff\xff", 12};

/// An IPv4 address mapped into IPv6 (RFC 4291 section 2.5.5.2) is the IPv4 address.
std::string unmapped(std::string bytes) {
  return bytes.size() == 16 && bytes.starts_with(mapped_prefix) ? bytes.substr(12) : bytes;
}

} // namespace

dataset::dataset(std::string name, type of, std::uint64_t limit_bytes)
    : name_{std::move(name)}, type_{of}, limit_bytes_{limit_bytes == 0 ? default_limit_bytes
                                                                       : limit_bytes} {}

std::optional<std::string> dataset::element_of(byte_view bytes) const {
  const std::string text{as_text(bytes)};
  switch (type_) {
  case type::string: return text.empty() ? std::nullopt : std::optional{text};
  case type::md5: return text.size() == 16 ? std::optional{text} : from_hex(text, 16);
  case type::sha256: return text.size() == 32 ? std::optional{text} : from_hex(text, 32);
  case type::ipv4: return text.size() == 4 ? std::optional{text} : std::nullopt;
  case type::ip:
    return text.size() == 4 || text.size() == 16 ? std::optional{unmapped(text)} : std::nullopt;
  case type::unknown: break;
  }
  return std::nullopt;
}

std::optional<std::string> dataset::element_from(std::string_view written) const {
  switch (type_) {
  case type::string: return from_base64(written);
  case type::md5: return from_hex(written, 16);
  case type::sha256: return from_hex(written, 32);
  case type::ipv4:
  case type::ip: {
    // "::ffff:192.0.2.1" is written for the IPv4 address
    if (written.starts_with("::ffff:") && written.find('.') != std::string_view::npos)
      written.remove_prefix(7);
    const auto address = ip_address::parse(written);
    if (!address || (type_ == type::ipv4 && address->is_v6()))
      return std::nullopt;
    return unmapped(std::string{as_text(address->bytes())});
  }
  case type::unknown: break;
  }
  return std::nullopt;
}

std::string dataset::written(std::string_view element) const {
  switch (type_) {
  case type::string: return to_base64(element);
  case type::md5:
  case type::sha256: return to_hex(element);
  case type::ipv4:
  case type::ip: {
    const auto bytes = as_bytes(element);
    return (bytes.size() == 4 ? ip_address::v4(bytes.first<4>())
                              : ip_address::v6(bytes.first<16>()))
        .to_string();
  }
  case type::unknown: break;
  }
  return {};
}

bool dataset::contains(const std::string& element) const {
  const std::shared_lock lock{mutex_};
  return elements_.contains(element);
}

std::string dataset::context_of(const std::string& element) const {
  const std::shared_lock lock{mutex_};
  const auto found = elements_.find(element);
  return found == elements_.end() ? std::string{} : found->second.context;
}

std::optional<std::uint16_t> dataset::reputation_of(const std::string& element) const {
  const std::shared_lock lock{mutex_};
  const auto found = elements_.find(element);
  return found == elements_.end() ? std::nullopt : std::optional{found->second.reputation};
}

bool dataset::add(std::string element, std::uint16_t reputation, std::string context) {
  const std::unique_lock lock{mutex_};
  const auto cost = element.size() + context.size() + overhead_bytes;
  if (elements_.contains(element))
    return false;
  if (used_bytes_ + cost > limit_bytes_) {
    refused_.fetch_add(1, std::memory_order_relaxed);
    return false;
  }
  used_bytes_ += cost;
  elements_.emplace(std::move(element), value{reputation, std::move(context)});
  return true;
}

bool dataset::remove(const std::string& element) {
  const std::unique_lock lock{mutex_};
  const auto found = elements_.find(element);
  if (found == elements_.end())
    return false;
  used_bytes_ -= found->first.size() + found->second.context.size() + overhead_bytes;
  elements_.erase(found);
  return true;
}

std::size_t dataset::size() const {
  const std::shared_lock lock{mutex_};
  return elements_.size();
}

} // namespace cresset::detect::inspect::lists
