#include "detect/proto/smb/smb1.hpp"

#include "detect/proto/smb/credentials.hpp"
#include "detect/proto/smb/names.hpp"
#include "detect/proto/smb/smb1_numbers.hpp"

#include <algorithm>

namespace cresset::detect::proto::smb {
namespace {

using namespace numbers1;
constexpr auto ts = direction::to_server;

} // namespace

void smb1_reader::request(const header& head, const block& b, byte_view m) {
  bool fine = true;
  switch (b.command) {
  case negotiate: fine = negotiate_request(head, b); break;
  case session_setup_andx: fine = session_request(head, b); break;
  case tree_connect_andx: fine = tree_request(head, b); break;
  case nt_create_andx: fine = create_request(head, b); break;
  case open_andx: fine = open_request(head, b); break;
  case close: fine = close_request(head, b); break;
  case read_andx: fine = read_request(head, b); break;
  case write_old:
  case write_and_close:
  case write_andx: fine = write_request(head, b, m); break;
  case rename: fine = rename_request(head, b); break;
  case trans: fine = trans_request(head, b, m); break;
  case trans2: fine = trans2_request(head, b, m); break;
  default: begin_waiting(head, b);
  }
  if (!fine)
    fail(head, b.command, "malformed_data");
}

/// { 2 | name | 0 } …
bool smb1_reader::negotiate_request(const header& head, const block& b) {
  constexpr std::size_t limit_dialects = 64;
  auto* one = begin_waiting(head, b);
  if (one == nullptr)
    return true;
  negotiation said;
  auto left = b.data;
  while (!left.empty() && said.client_dialects.size() < limit_dialects) {
    const auto name = read_terminated(left.subspan(1), false);
    const bool is_whole = left.size() > 1 && left[name.size] == std::byte{0};
    if (left[0] != std::byte{2} || !is_whole) {
      one->raise("negotiate_malformed_dialects");
      break;
    }
    said.client_dialects.push_back(name.text);
    left = left.subspan(1 + name.size);
  }
  one->carries = std::move(said);
  of_.first_negotiation = one->number();
  return true;
}

bool smb1_reader::session_request(const header& head, const block& b) {
  constexpr std::size_t extended_words = 24, blob_size_at = 14;
  constexpr std::size_t plain_words = 26, passwords_at = 14;
  auto* one = begin_waiting(head, b);
  if (one == nullptr)
    return true;
  session_setup said;
  said.has_native_request = true;
  std::size_t at = 0;
  if (b.words.size() == extended_words) {
    const auto size = *u16_at(b.words, blob_size_at);
    const auto blob = b.data.first(std::min<std::size_t>(size, b.data.size()));
    said.who = read_credentials(blob);
    if (said.who.is_damaged)
      one->raise("malformed_ntlmssp_request");
    at = blob.size();
  } else if (b.words.size() == plain_words) {
    // the passwords, then account and domain, then what both forms end with
    at = std::size_t{*u16_at(b.words, passwords_at)} + *u16_at(b.words, passwords_at + 2);
    const auto skip_name = [&] {
      at += head.is_unicode && (b.data_at + at) % 2 != 0 ? 1 : 0;
      const auto name =
          read_terminated(b.data.subspan(std::min(at, b.data.size())), head.is_unicode);
      at += name.size;
      return name.text;
    };
    ntlm_identity who;
    who.user = skip_name();
    who.domain = skip_name();
    if (!who.user.empty() || !who.domain.empty())
      said.who.ntlm = std::move(who);
  } else {
    said.has_native_request = false;
  }
  if (said.has_native_request) {
    at += head.is_unicode && (b.data_at + at) % 2 != 0 ? 1 : 0;
    const auto os = read_terminated(b.data.subspan(std::min(at, b.data.size())), head.is_unicode);
    const auto lm =
        read_terminated(b.data.subspan(std::min(at + os.size, b.data.size())), head.is_unicode);
    said.request_os = os.text;
    said.request_lm = lm.text;
  }
  one->carries = std::move(said);
  return true;
}

bool smb1_reader::tree_request(const header& head, const block& b) {
  const auto password = u16_at(b.words, 6);
  if (!password || *password > b.data.size())
    return false;
  auto* one = begin_waiting(head, b);
  if (one == nullptr)
    return true;
  std::size_t at = *password;
  if (head.is_unicode && (b.data_at + at) % 2 != 0)
    ++at;
  tree_connect said;
  const auto path = read_terminated(b.data.subspan(std::min(at, b.data.size())), head.is_unicode);
  said.share = path.text;
  at = std::min(at + path.size, b.data.size());
  said.service_request = read_terminated(b.data.subspan(at), false).text;
  one->carries = std::move(said);
  return true;
}

bool smb1_reader::create_request(const header& head, const block& b) {
  constexpr std::uint32_t directory_file = 1, delete_on_close = 0x1000;
  // words: andx 4 | reserved 1 | name length 2 | flags 4 | root 4 | access 4 | allocation 8 |
  // attributes 4 | share access 4 | disposition 4 | options 4 | …
  const auto disposition = u32_at(b.words, 35), options = u32_at(b.words, 39);
  if (!disposition || !options)
    return false;
  auto* one = begin(head, b.command);
  if (one == nullptr)
    return true;
  opening said;
  said.name = name_in(head, b, 0);
  said.disposition = *disposition;
  said.is_directory = (*options & directory_file) != 0;
  said.deletes_on_close = (*options & delete_on_close) != 0;
  wait(head, b, one).name = said.name;
  one->carries = std::move(said);
  one->complete(ts);
  return true;
}

bool smb1_reader::open_request(const header& head, const block& b) {
  if (b.words.size() < 30)
    return false;
  auto* one = begin(head, b.command);
  if (one == nullptr)
    return true;
  opening said;
  said.name = name_in(head, b, 0);
  said.disposition = 1;
  wait(head, b, one).name = said.name;
  one->carries = std::move(said);
  one->complete(ts);
  return true;
}

bool smb1_reader::close_request(const header& head, const block& b) {
  const auto id = u16_at(b.words, 0);
  if (!id)
    return false;
  of_.close(handle_of(*id));
  begin_waiting(head, b);
  return true;
}

bool smb1_reader::read_request(const header& head, const block& b) {
  // words: andx 4 | fid 2 | offset 4 | most 2 | least 2 | most (high) 4 | remaining 2 | offset
  // (high) 4
  const auto id = u16_at(b.words, 4);
  const auto low = u32_at(b.words, 6);
  const auto most = u16_at(b.words, 10);
  if (!id || !low || !most)
    return false;
  const std::uint64_t high_size = u32_at(b.words, 14).value_or(0) & 0xffffU;
  const auto size = *most + (high_size == 0xffff ? 0 : high_size << 16);
  const auto limit = of_.wanted().max_read_size;
  if (limit != 0 && size > limit)
    fail(head, b.command, "read_request_too_large");
  auto& asked = wait(head, b, nullptr);
  asked.file = handle_of(*id);
  asked.offset = std::uint64_t{u32_at(b.words, 20).value_or(0)} << 32 | *low;
  return true;
}

bool smb1_reader::write_request(const header& head, const block& b, byte_view m) {
  std::optional<written> what;
  if (b.command == write_andx) {
    what = read_write_andx(b.words);
  } else if (const auto id = u16_at(b.words, 0); id && b.words.size() >= 10) {
    // fid 2 | size 2 | offset 4 | remaining 2; then a byte of format and a length, or one of
    // padding
    const std::size_t skipped = b.command == write_and_close ? 1 : 3;
    what = written{*id, *u32_at(b.words, 4), *u16_at(b.words, 2), b.data_at + skipped};
  }
  if (!what || what->at > m.size())
    return false;
  wait(head, b, nullptr);
  const auto file = handle_of(what->file);
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(what->size, m.size() - what->at));
  if (size != 0)
    of_.whole_content(ts, place_of(head, b.command, file, what->offset), m.subspan(what->at, size));
  if (b.command == write_and_close)
    of_.close(file);
  return size == what->size;
}

bool smb1_reader::rename_request(const header& head, const block& b) {
  auto* one = begin_waiting(head, b);
  if (one == nullptr)
    return true;
  // { 4 | name } twice
  renaming said;
  std::size_t at = 1;
  at += head.is_unicode && (b.data_at + at) % 2 != 0 ? 1 : 0;
  const auto from = read_terminated(b.data.subspan(std::min(at, b.data.size())), head.is_unicode);
  said.from = from.text;
  said.to = name_in(head, b, at + from.size + 1);
  one->carries = std::move(said);
  return true;
}

bool smb1_reader::trans_request(const header& head, const block& b, byte_view m) {
  // words: … data count 22 | data offset 24 | setup count 26 | setup 28: function 2, fid 2
  const auto size = u16_at(b.words, 22), at = u16_at(b.words, 24);
  if (!size || !at)
    return false;
  const auto function = u16_at(b.words, 28), id = u16_at(b.words, 30);
  const auto data = run_at(m, *at, *size);
  if (function != trans_transact_pipe || !id) {
    begin_waiting(head, b);
    return true;
  }
  auto& asked = wait(head, b, nullptr);
  asked.file = handle_of(*id);
  asked.detail = trans_is_pipe_call;
  if (!data)
    return false;
  of_.pipe_message(ts, place_of(head, b.command, asked.file, 0), *data);
  return true;
}

bool smb1_reader::trans2_request(const header& head, const block& b, byte_view m) {
  // words: … parameter count 18 | at 20 | data count 22 | at 24 | setup count 26 | subcommand 28
  const auto parameters_size = u16_at(b.words, 18), parameters_at = u16_at(b.words, 20);
  const auto data_size = u16_at(b.words, 22), data_at = u16_at(b.words, 24);
  const auto subcommand = u16_at(b.words, 28);
  if (!subcommand)
    return false;
  auto* one = begin_waiting(head, b);
  if (one == nullptr)
    return true;
  const auto parameters = run_at(m, *parameters_at, *parameters_size).value_or(byte_view{});
  const auto data = run_at(m, *data_at, *data_size).value_or(byte_view{});
  if (*subcommand == get_dfs_referral && parameters.size() > 2) {
    control said{.function = 0x00060194, .dfs_path = std::nullopt, .dfs_level = std::nullopt};
    said.dfs_level = u16_at(parameters, 0);
    said.dfs_path = read_terminated(parameters.subspan(2), head.is_unicode).text;
    one->carries = std::move(said);
    return true;
  }
  const bool by_path = *subcommand == set_path_information;
  if (!by_path && *subcommand != set_file_information)
    return true;
  const auto level = u16_at(parameters, by_path ? 0 : 2);
  if (!level)
    return true;
  const auto known = information_level1(*level);
  attribute_setting said{by_path ? "SET_PATH_INFO" : "SET_FILE_INFO",
                         known.empty() ? hex(*level, 4) : std::string{known},
                         {},
                         {},
                         std::nullopt};
  if (by_path) {
    if (parameters.size() > 6)
      said.name = read_terminated(parameters.subspan(6), head.is_unicode).text;
  } else if (const auto file = handle_of(*u16_at(parameters, 0)); true) {
    said.handle = to_text(file, 1);
    if (const auto* open = of_.handles.find(file))
      said.name = open->name;
  }
  if (*level == rename_level) {
    const auto size = u32_at(data, 8);
    const auto target = size ? run_at(data, 12, *size) : std::nullopt;
    one->carries = renaming{said.name, target ? from_utf16(*target) : std::string{}, said.handle};
    return true;
  }
  if ((*level == 0x102 || *level == 0x3f5) && !data.empty())
    said.deletes = data.front() != std::byte{0};
  one->carries = std::move(said);
  return true;
}

} // namespace cresset::detect::proto::smb
