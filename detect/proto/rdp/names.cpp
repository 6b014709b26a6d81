#include "detect/proto/rdp/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

namespace cresset::detect::proto::rdp {
namespace {

struct named {
  std::uint32_t value;
  std::string_view name;
};

constexpr named protocols[]{{0, "rdp"},    {1, "ssl"},       {2, "hybrid"},
                            {4, "rdstls"}, {8, "hybrid_ex"}, {16, "rdsaad"}};
constexpr named failures[]{
    {1, "ssl required by server"},    {2, "ssl not allowed by server"},
    {3, "ssl cert not on server"},    {4, "inconsistent flags"},
    {5, "hybrid required by server"}, {6, "ssl with user auth required by server"}};
constexpr named versions[]{
    {0x80001, "RDP v4"},     {0x80004, "RDP v5"},     {0x80005, "RDP v10.0"},
    {0x80006, "RDP v10.1"},  {0x80007, "RDP v10.2"},  {0x80008, "RDP v10.3"},
    {0x80009, "RDP v10.4"},  {0x8000a, "RDP v10.5"},  {0x8000b, "RDP v10.6"},
    {0x8000c, "RDP v10.7"},  {0x8000d, "RDP v10.8"},  {0x8000e, "RDP v10.9"},
    {0x8000f, "RDP v10.10"}, {0x80010, "RDP v10.11"}, {0x80011, "RDP v10.12"}};
constexpr named builds[]{
    {2195, "Windows 2000"},     {2600, "Windows XP"},        {3790, "Windows Server 2003"},
    {6000, "Windows Vista"},    {6001, "Windows Vista SP1"}, {6002, "Windows Vista SP2"},
    {7600, "Windows 7"},        {7601, "Windows 7 SP1"},     {9200, "Windows 8"},
    {9600, "Windows 8.1"},      {10240, "Windows 10 1507"},  {10586, "Windows 10 1511"},
    {14393, "Windows 10 1607"}, {15063, "Windows 10 1703"},  {16299, "Windows 10 1709"},
    {17134, "Windows 10 1803"}, {17763, "Windows 10 1809"},  {18362, "Windows 10 1903"},
    {18363, "Windows 10 1909"}, {19041, "Windows 10 2004"},  {19042, "Windows 10 20H2"},
    {19043, "Windows 10 21H1"}, {19044, "Windows 10 21H2"},  {19045, "Windows 10 22H2"},
    {22000, "Windows 11 21H2"}, {22621, "Windows 11 22H2"},  {22631, "Windows 11 23H2"},
    {26100, "Windows 11 24H2"}};
constexpr named layouts[]{
    {0x401, "ar-SA"},      {0x402, "bg-BG"},  {0x404, "zh-TW"},      {0x405, "cs-CZ"},
    {0x406, "da-DK"},      {0x407, "de-DE"},  {0x408, "el-GR"},      {0x409, "en-US"},
    {0x40a, "es-ES"},      {0x40b, "fi-FI"},  {0x40c, "fr-FR"},      {0x40d, "he-IL"},
    {0x40e, "hu-HU"},      {0x40f, "is-IS"},  {0x410, "it-IT"},      {0x411, "ja-JP"},
    {0x412, "ko-KR"},      {0x413, "nl-NL"},  {0x414, "nb-NO"},      {0x415, "pl-PL"},
    {0x416, "pt-BR"},      {0x418, "ro-RO"},  {0x419, "ru-RU"},      {0x41a, "hr-HR"},
    {0x41b, "sk-SK"},      {0x41d, "sv-SE"},  {0x41e, "th-TH"},      {0x41f, "tr-TR"},
    {0x422, "uk-UA"},      {0x423, "be-BY"},  {0x424, "sl-SI"},      {0x425, "et-EE"},
    {0x426, "lv-LV"},      {0x427, "lt-LT"},  {0x429, "fa-IR"},      {0x42a, "vi-VN"},
    {0x42b, "hy-AM"},      {0x437, "ka-GE"},  {0x43f, "kk-KZ"},      {0x804, "zh-CN"},
    {0x807, "de-CH"},      {0x809, "en-GB"},  {0x80a, "es-MX"},      {0x80c, "fr-BE"},
    {0x813, "nl-BE"},      {0x816, "pt-PT"},  {0x81a, "sr-Latn-CS"}, {0xc04, "zh-HK"},
    {0xc07, "de-AT"},      {0xc09, "en-AU"},  {0xc0a, "es-ES"},      {0xc0c, "fr-CA"},
    {0xc1a, "sr-Cyrl-CS"}, {0x1009, "en-CA"}, {0x100c, "fr-CH"},     {0x1409, "en-NZ"}};
constexpr named keyboards[]{{1, "xt"},           {2, "ico"},        {3, "at"},
                            {4, "ibm_enhanced"}, {5, "nokia_1050"}, {6, "nokia_9140"},
                            {7, "japanese"}};
constexpr named connections[]{{1, "modem"},          {2, "low_broadband"}, {3, "satellite"},
                              {4, "high_broadband"}, {5, "wan"},           {6, "lan"},
                              {7, "autodetect"}};

std::string_view find(std::span<const named> table, std::uint32_t value) noexcept {
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const named& one) { return one.value == value; });
  return at == table.end() ? std::string_view{} : at->name;
}
std::string or_number(std::string_view name, std::uint32_t value, int base) {
  if (!name.empty())
    return std::string{name};
  std::array<char, 16> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, base);
  return std::string{base == 16 ? "0x" : ""}.append(digits.data(), end);
}

} // namespace

std::string_view protocol_name(std::uint32_t selected) noexcept {
  const auto name = find(protocols, selected);
  return name.empty() ? "unknown" : name;
}
std::string_view failure_name(std::uint32_t code) noexcept {
  const auto name = find(failures, code);
  return name.empty() ? "unknown" : name;
}
std::string version_name(std::uint32_t version) {
  return or_number(find(versions, version), version, 16);
}
std::string build_name(std::uint32_t build) {
  return or_number(find(builds, build), build, 10);
}
std::string layout_name(std::uint32_t layout) {
  return or_number(find(layouts, layout), layout, 16);
}
std::string keyboard_name(std::uint32_t type) {
  return or_number(find(keyboards, type), type, 10);
}
std::string connection_name(std::uint32_t hint) {
  return or_number(find(connections, hint), hint, 10);
}

} // namespace cresset::detect::proto::rdp
