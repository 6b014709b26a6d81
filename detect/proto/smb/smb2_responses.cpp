#include "detect/proto/smb/smb2.hpp"

#include "detect/proto/smb/names.hpp"
#include "detect/proto/smb/smb2_numbers.hpp"

#include <utility>

namespace cresset::detect::proto::smb {
namespace {

using namespace numbers2;
constexpr auto tc = direction::to_client;

} // namespace

void smb2_reader::response(const header& head, byte_view m) {
  if (head.status == status_pending && head.is_async)
    return;
  auto* found = of_.waiting.find(head.message);
  if (found != nullptr && found->command != head.command)
    found = nullptr;
  if (found == nullptr && head.command == negotiate && of_.first_negotiation) {
    // SMB1's NEGOTIATE answered by SMB2: [MS-SMB2] 3.3.5.3
    auto* one = of_.find(*std::exchange(of_.first_negotiation, std::nullopt));
    if (one != nullptr && !one->is_done(tc)) {
      respond(head, nullptr, one, m);
      return;
    }
  }
  if (found == nullptr) {
    if (head.message == unsolicited || head.command == read || head.command == write ||
        head.command == oplock_break)
      return;
    auto* one = begin(head);
    if (one == nullptr)
      return;
    one->begin(tc);
    respond(head, nullptr, one, m);
    return;
  }
  const auto asked = *found;
  of_.waiting.erase(head.message);
  auto* one = asked.exchange ? of_.find(*asked.exchange) : nullptr;
  respond(head, &asked, one, m);
}

void smb2_reader::respond(const header& head, const waiting_request* asked, exchange* one,
                          byte_view m) {
  const waiting_request nothing{};
  const auto& request = asked != nullptr ? *asked : nothing;
  bool fine = true;
  if (head.status == status_success || head.status == status_more_processing ||
      head.status == status_buffer_overflow) {
    switch (head.command) {
    case negotiate: fine = negotiate_response(one, m); break;
    case session_setup_command: fine = session_response(one, m); break;
    case tree_connect_command: fine = tree_response(head, one, m); break;
    case create: fine = create_response(head, request, one, m); break;
    case close:
      if (is_of_compound(request.file))
        of_.close(created_);
      break;
    case read: fine = read_response(head, request, m); break;
    case ioctl: fine = control_response(head, request, m); break;
    default: break;
    }
  }
  if (head.command == tree_disconnect && head.status == status_success)
    of_.trees.erase(head.tree);
  if (one == nullptr) {
    if (!fine)
      fail(head, "malformed_data");
    return;
  }
  one->set_status(head.status);
  if (one->session_id == 0)
    one->session_id = head.session;
  if (!fine)
    one->raise("malformed_data");
  one->complete();
}

bool smb2_reader::negotiate_response(exchange* one, byte_view m) {
  const auto dialect = u16_at(m, 68);
  const auto max_read = u32_at(m, 96), max_write = u32_at(m, 100);
  if (!dialect || !max_write)
    return false;
  of_.dialect = dialect_name(*dialect);
  if (one == nullptr)
    return true;
  if (one->get<negotiation>() == nullptr)
    one->carries = negotiation{};
  auto* said = one->get<negotiation>();
  said->server_guid = handle_at(m, 72);
  said->max_read_size = max_read;
  said->max_write_size = max_write;
  const auto& limits = of_.wanted();
  if (limits.max_read_size != 0 && *max_read > limits.max_read_size)
    one->raise("negotiate_max_read_size_too_large");
  if (limits.max_write_size != 0 && *max_write > limits.max_write_size)
    one->raise("negotiate_max_write_size_too_large");
  return true;
}

bool smb2_reader::session_response(exchange*, byte_view m) {
  return u16_at(m, 70).has_value();
}

bool smb2_reader::tree_response(const header& head, exchange* one, byte_view m) {
  const auto type = u8_at(m, 66);
  if (!type)
    return false;
  tree in;
  in.is_pipe = *type == 2;
  if (one != nullptr) {
    one->tree_id = head.tree;
    if (auto* said = one->get<tree_connect>()) {
      said->type = *type == 1 ? "FILE" : *type == 2 ? "PIPE" : *type == 3 ? "PRINT" : "";
      said->is_pipe = in.is_pipe;
      in.share = said->share;
    }
  }
  of_.trees.put(head.tree, std::move(in));
  return true;
}

bool smb2_reader::create_response(const header& head, const waiting_request& asked, exchange* one,
                                  byte_view m) {
  if (m.size() < 128 + sizeof(handle))
    return false;
  created_ = handle_at(m, 128);
  open_file open;
  open.name = asked.name;
  const auto tree_id = one != nullptr ? one->tree_id : head.tree;
  if (const auto* in = of_.trees.find(tree_id)) {
    open.share = in->share;
    open.is_pipe = in->is_pipe;
  }
  const bool tree_is_known = of_.trees.find(tree_id) != nullptr;
  if (auto* said = one != nullptr ? one->get<opening>() : nullptr) {
    said->created = unix_seconds(*u64_at(m, 72));
    said->accessed = unix_seconds(*u64_at(m, 80));
    said->modified = unix_seconds(*u64_at(m, 88));
    said->changed = unix_seconds(*u64_at(m, 96));
    said->size = *u64_at(m, 112);
    said->handle = to_text(created_, 2);
  }
  of_.close(created_);
  open.is_guess = !tree_is_known;
  of_.handles.put(created_, std::move(open));
  return true;
}

bool smb2_reader::read_response(const header& head, const waiting_request& asked, byte_view m) {
  const auto at = u8_at(m, 66);
  const auto length = u32_at(m, 68);
  if (!at || !length || *at > m.size())
    return false;
  const auto file = is_of_compound(asked.file) ? created_ : asked.file;
  if (*length != 0)
    of_.whole_content(tc, place_of(head, file, asked.offset),
                      m.subspan(*at, std::min<std::size_t>(*length, m.size() - *at)));
  return *length <= m.size() - *at;
}

bool smb2_reader::control_response(const header& head, const waiting_request& asked, byte_view m) {
  const auto at = u32_at(m, 96), size = u32_at(m, 100);
  if (!at || !size)
    return false;
  if (asked.detail == 0 || *size == 0)
    return true;
  const auto output = run_at(m, *at, *size);
  if (!output)
    return false;
  of_.pipe_message(tc, place_of(head, asked.file, 0), *output);
  return true;
}

} // namespace cresset::detect::proto::smb
