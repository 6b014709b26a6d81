#include "detect/proto/smb/smb1.hpp"

#include "detect/proto/smb/smb1_numbers.hpp"

#include <algorithm>

namespace cresset::detect::proto::smb {
namespace {

using namespace numbers1;
constexpr auto tc = direction::to_client;

} // namespace

void smb1_reader::response(const header& head, const block& b, byte_view m) {
  const auto key = head.key ^ std::uint64_t{b.command} << 48;
  const auto* found = of_.waiting.find(key);
  const bool is_known = found != nullptr;
  const auto asked = is_known ? *found : waiting_request{.command = b.command};
  if (is_known && b.command != echo)
    of_.waiting.erase(key);
  auto* one = asked.exchange ? of_.find(*asked.exchange) : nullptr;
  const bool is_content = b.command == read_andx || b.command == write_andx ||
                          b.command == write_old || b.command == write_and_close;
  if (!is_known && !is_content && b.command != trans && b.command != 0x24)
    one = begin(head, b.command);
  const bool succeeded = head.status == status_success || head.status == status_more_processing ||
                         head.status == status_buffer_overflow;
  bool fine = true;
  if (succeeded)
    switch (b.command) {
    case negotiate: fine = negotiate_response(one, b); break;
    case session_setup_andx: fine = session_response(head, one, b); break;
    case tree_connect_andx: fine = tree_response(head, one, b); break;
    case open_andx:
    case nt_create_andx: fine = create_response(head, asked, one, b); break;
    case read_andx: fine = read_response(head, asked, b, m); break;
    case trans: fine = trans_response(head, asked, b, m); break;
    case tree_disconnect: of_.trees.erase(head.tree); break;
    default: break;
    }
  if (one == nullptr) {
    if (!fine)
      fail(head, b.command, "malformed_data");
    return;
  }
  set_status(head, *one);
  if (!fine)
    one->raise("malformed_data");
  one->complete();
}

bool smb1_reader::negotiate_response(exchange* one, const block& b) {
  const auto chosen = u16_at(b.words, 0);
  if (!chosen)
    return false;
  of_.first_negotiation.reset();
  if (one == nullptr)
    return true;
  auto* said = one->get<negotiation>();
  if (said == nullptr)
    return true;
  if (*chosen < said->client_dialects.size())
    of_.dialect = said->client_dialects[*chosen];
  // words: … capabilities 19, bit 31: extended security; then the bytes begin with the server's id
  const bool extended = (u32_at(b.words, 19).value_or(0) & 0x80000000U) != 0;
  if (extended && b.data.size() >= sizeof(guid)) {
    guid id{};
    std::copy_n(b.data.begin(), id.size(), id.begin());
    said->server_guid = id;
  }
  return true;
}

bool smb1_reader::session_response(const header& head, exchange* one, const block& b) {
  auto* said = one != nullptr ? one->get<session_setup>() : nullptr;
  if (said == nullptr)
    return true;
  // words: andx 4 | action 2 | (extended) blob size 2
  std::size_t at = b.words.size() >= 8 ? u16_at(b.words, 6).value_or(0) : 0;
  at += head.is_unicode && (b.data_at + at) % 2 != 0 ? 1 : 0;
  const auto os = read_terminated(b.data.subspan(std::min(at, b.data.size())), head.is_unicode);
  const auto lm =
      read_terminated(b.data.subspan(std::min(at + os.size, b.data.size())), head.is_unicode);
  said->has_native_response = !b.data.empty();
  said->response_os = os.text;
  said->response_lm = lm.text;
  return true;
}

bool smb1_reader::tree_response(const header& head, exchange* one, const block& b) {
  tree in;
  const auto service = read_terminated(b.data, false).text;
  in.is_pipe = service == "IPC";
  if (one != nullptr) {
    one->tree_id = head.tree;
    if (auto* said = one->get<tree_connect>()) {
      said->service_response = service;
      said->is_pipe = in.is_pipe;
      said->type = in.is_pipe                   ? "PIPE"
                   : service == "A:"            ? "FILE"
                   : service.starts_with("LPT") ? "PRINT"
                                                : "";
      in.share = said->share;
    }
  }
  of_.trees.put(head.tree, std::move(in));
  return true;
}

bool smb1_reader::create_response(const header& head, const waiting_request& asked, exchange* one,
                                  const block& b) {
  // NT_CREATE: andx 4 | oplock 1 | fid 2 | action 4 | four times 32 | attributes 4 | allocation 8 |
  // size 8 OPEN: andx 4 | fid 2 | attributes 2 | time 4 | size 4
  const bool is_open = b.command == open_andx;
  const auto id = u16_at(b.words, is_open ? 4 : 5);
  if (!id)
    return false;
  const auto file = handle_of(*id);
  open_file open;
  open.name = asked.name;
  const auto* in = of_.trees.find(head.tree);
  open.is_guess = in == nullptr;
  if (in != nullptr) {
    open.share = in->share;
    open.is_pipe = in->is_pipe;
  }
  if (auto* said = one != nullptr ? one->get<opening>() : nullptr) {
    if (is_open) {
      said->size = u32_at(b.words, 12).value_or(0);
    } else {
      const auto time = [&](std::size_t at) {
        return unix_seconds(u64_at(b.words, at).value_or(0));
      };
      said->created = time(11);
      said->accessed = time(19);
      said->modified = time(27);
      said->changed = time(35);
      said->size = u64_at(b.words, 55).value_or(0);
    }
    said->handle = to_text(file, 1);
  }
  of_.close(file);
  of_.handles.put(file, std::move(open));
  return true;
}

bool smb1_reader::read_response(const header& head, const waiting_request& asked, const block& b,
                                byte_view m) {
  const auto what = read_read_andx(b.words);
  if (!what || what->at > m.size())
    return false;
  const auto size =
      static_cast<std::size_t>(std::min<std::uint64_t>(what->size, m.size() - what->at));
  if (size != 0 && asked.file != handle{})
    of_.whole_content(tc, place_of(head, b.command, asked.file, asked.offset),
                      m.subspan(what->at, size));
  return size == what->size;
}

bool smb1_reader::trans_response(const header& head, const waiting_request& asked, const block& b,
                                 byte_view m) {
  if (asked.detail != trans_is_pipe_call)
    return true;
  // words: … data count 12 | data offset 14
  const auto size = u16_at(b.words, 12), at = u16_at(b.words, 14);
  const auto data = size && at ? run_at(m, *at, *size) : std::nullopt;
  if (!data)
    return false;
  of_.pipe_message(tc, place_of(head, b.command, asked.file, 0), *data);
  return true;
}

} // namespace cresset::detect::proto::smb
