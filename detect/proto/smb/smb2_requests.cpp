#include "detect/proto/smb/smb2.hpp"

#include "detect/proto/smb/credentials.hpp"
#include "detect/proto/smb/names.hpp"
#include "detect/proto/smb/smb2_numbers.hpp"

namespace cresset::detect::proto::smb {
namespace {

using namespace numbers2;
constexpr auto ts = direction::to_server;

std::string class_text(std::uint8_t type) {
  const auto name = information_class(type);
  return name.empty() ? hex(type, 2) : std::string{name};
}
std::string level_text(std::uint8_t type, std::uint8_t level) {
  const auto name = information_level(type, level);
  return name.empty() ? hex(level, 2) : std::string{name};
}

} // namespace

void smb2_reader::request(const header& head, byte_view m) {
  bool fine = true;
  switch (head.command) {
  case negotiate: fine = negotiate_request(head, m); break;
  case session_setup_command: fine = session_request(head, m); break;
  case tree_connect_command: fine = tree_request(head, m); break;
  case create: fine = create_request(head, m); break;
  case close: fine = close_request(head, m); break;
  case read: fine = read_request(head, m); break;
  case write: fine = write_request(head, m); break;
  case ioctl: fine = control_request(head, m); break;
  case set_info: fine = set_info_request(head, m); break;
  default:
    if (auto* one = begin(head)) {
      one->begin(ts);
      one->complete(ts);
      of_.waiting.put(head.message, {.command = head.command, .exchange = one->number()});
    }
  }
  if (!fine)
    fail(head, "malformed_data");
}

bool smb2_reader::negotiate_request(const header& head, byte_view m) {
  constexpr std::size_t count_at = 66, guid_at = 76, dialects_at = 100;
  constexpr std::size_t limit_dialects = 64;
  const auto count = u16_at(m, count_at);
  if (!count || m.size() < dialects_at)
    return false;
  auto* one = begin(head);
  if (one == nullptr)
    return true;
  negotiation said;
  said.client_guid = handle_at(m, guid_at);
  for (std::size_t i = 0; i < std::min<std::size_t>(*count, limit_dialects); ++i)
    if (const auto dialect = u16_at(m, dialects_at + 2 * i))
      said.client_dialects.push_back(dialect_name(*dialect));
    else
      one->raise("negotiate_malformed_dialects");
  one->carries = std::move(said);
  one->complete(ts);
  of_.waiting.put(head.message, {.command = head.command, .exchange = one->number()});
  return true;
}

bool smb2_reader::session_request(const header& head, byte_view m) {
  const auto at = u16_at(m, 76), size = u16_at(m, 78);
  if (!at || !size)
    return false;
  const auto blob = run_at(m, *at, *size);
  auto* one = begin(head);
  if (one == nullptr)
    return true;
  session_setup said;
  if (blob)
    said.who = read_credentials(*blob);
  else
    one->raise("malformed_data");
  if (said.who.is_damaged)
    one->raise("malformed_ntlmssp_request");
  one->carries = std::move(said);
  one->complete(ts);
  of_.waiting.put(head.message, {.command = head.command, .exchange = one->number()});
  return true;
}

bool smb2_reader::tree_request(const header& head, byte_view m) {
  const auto at = u16_at(m, 68), size = u16_at(m, 70);
  const auto path = at && size ? run_at(m, *at, *size) : std::nullopt;
  if (!path)
    return false;
  auto* one = begin(head);
  if (one == nullptr)
    return true;
  tree_connect said;
  said.share = from_utf16(*path);
  of_.waiting.put(head.message,
                  {.command = head.command, .exchange = one->number(), .name = said.share});
  one->carries = std::move(said);
  one->begin(ts);
  return true;
}

bool smb2_reader::create_request(const header& head, byte_view m) {
  constexpr std::uint32_t directory_file = 1, delete_on_close = 0x1000;
  const auto disposition = u32_at(m, 100), options = u32_at(m, 104);
  const auto at = u16_at(m, 108), size = u16_at(m, 110);
  if (!disposition || !options || !at || !size)
    return false;
  const auto name = *size == 0 ? std::optional{byte_view{}} : run_at(m, *at, *size);
  if (!name)
    return false;
  auto* one = begin(head);
  if (one == nullptr)
    return true;
  opening said;
  said.name = from_utf16(*name);
  said.disposition = *disposition;
  said.is_directory = (*options & directory_file) != 0;
  said.deletes_on_close = (*options & delete_on_close) != 0;
  of_.waiting.put(head.message,
                  {.command = head.command, .exchange = one->number(), .name = said.name});
  one->carries = std::move(said);
  one->complete(ts);
  return true;
}

bool smb2_reader::close_request(const header& head, byte_view m) {
  if (m.size() < 72 + sizeof(handle))
    return false;
  const auto file = handle_at(m, 72);
  auto* one = begin(head);
  if (!is_of_compound(file))
    of_.close(file);
  if (one == nullptr)
    return true;
  one->complete(ts);
  of_.waiting.put(head.message, {.command = head.command, .exchange = one->number(), .file = file});
  return true;
}

bool smb2_reader::read_request(const header& head, byte_view m) {
  const auto length = u32_at(m, 68);
  const auto offset = u64_at(m, 72);
  if (!length || !offset || m.size() < 80 + sizeof(handle))
    return false;
  const auto limit = of_.wanted().max_read_size;
  if (limit != 0 && *length > limit)
    fail(head, "read_request_too_large");
  of_.waiting.put(head.message, {.command = head.command,
                                 .exchange = std::nullopt,
                                 .file = handle_at(m, 80),
                                 .offset = *offset});
  return true;
}

bool smb2_reader::write_request(const header& head, byte_view m) {
  const auto at = u16_at(m, 66);
  const auto length = u32_at(m, 68);
  const auto offset = u64_at(m, 72);
  if (!at || !length || !offset || m.size() < 80 + sizeof(handle) || *at > m.size())
    return false;
  const auto file = handle_at(m, 80);
  of_.waiting.put(head.message, {.command = head.command, .exchange = std::nullopt, .file = file});
  if (is_of_compound(file) || *length == 0)
    return true;
  of_.whole_content(ts, place_of(head, file, *offset),
                    m.subspan(*at, std::min<std::size_t>(*length, m.size() - *at)));
  return *length <= m.size() - *at;
}

bool smb2_reader::control_request(const header& head, byte_view m) {
  const auto function = u32_at(m, 68), at = u32_at(m, 88), size = u32_at(m, 92);
  if (!function || !at || !size)
    return false;
  const auto file = handle_at(m, 72);
  const auto input = *size == 0 ? std::optional{byte_view{}} : run_at(m, *at, *size);
  if (!input)
    return false;
  if (*function == pipe_transceive) {
    of_.waiting.put(head.message,
                    {.command = head.command, .exchange = std::nullopt, .file = file, .detail = 1});
    of_.pipe_message(ts, place_of(head, file, 0), *input);
    return true;
  }
  auto* one = begin(head);
  if (one == nullptr)
    return true;
  control said{.function = *function, .dfs_path = std::nullopt, .dfs_level = std::nullopt};
  if (*function == dfs_get_referrals && input->size() >= 2) {
    said.dfs_level = u16_at(*input, 0);
    said.dfs_path = from_utf16(input->subspan(2));
  }
  one->carries = std::move(said);
  one->complete(ts);
  of_.waiting.put(head.message, {.command = head.command, .exchange = one->number()});
  return true;
}

std::string smb2_reader::rename_target(byte_view information) const {
  const auto size = u32_at(information, 16);
  const auto name = size ? run_at(information, 20, *size) : std::nullopt;
  return name ? from_utf16(*name) : std::string{};
}

bool smb2_reader::set_info_request(const header& head, byte_view m) {
  constexpr std::uint8_t of_file = 1, rename = 10, disposition = 13;
  const auto type = u8_at(m, 66), level = u8_at(m, 67);
  const auto size = u32_at(m, 68);
  const auto at = u16_at(m, 72);
  if (!type || !level || !size || !at || m.size() < 80 + sizeof(handle))
    return false;
  const auto information = *size == 0 ? std::optional{byte_view{}} : run_at(m, *at, *size);
  if (!information)
    return false;
  auto* one = begin(head);
  if (one == nullptr)
    return true;
  const auto file = handle_at(m, 80);
  const auto* open = of_.handles.find(file);
  const auto name = open != nullptr ? open->name : std::string{};
  if (*type == of_file && *level == rename) {
    one->carries = renaming{name, rename_target(*information), to_text(file, 2)};
  } else {
    attribute_setting said{class_text(*type), level_text(*type, *level), name, to_text(file, 2),
                           std::nullopt};
    if (*type == of_file && *level == disposition && !information->empty())
      said.deletes = information->front() != std::byte{0};
    one->carries = std::move(said);
  }
  one->complete(ts);
  of_.waiting.put(head.message, {.command = head.command, .exchange = one->number()});
  return true;
}

} // namespace cresset::detect::proto::smb
