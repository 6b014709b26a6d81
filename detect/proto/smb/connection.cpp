#include "detect/proto/smb/connection.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::smb {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

/// Whether these bytes begin as a PDU of DCE/RPC would.
bool looks_like_pdu(byte_view bytes) noexcept {
  return bytes.size() >= dcerpc::pdu_header::size_bytes && dcerpc::read_header(bytes).has_value() &&
         bytes[5] == std::byte{0} && bytes[6] == std::byte{0} && bytes[7] == std::byte{0};
}

void finish_file(exchange& one) {
  if (auto* moved = one.get<file_transfer>())
    moved->file.close();
  one.complete();
}

} // namespace

std::string to_text(const handle& file, int version) {
  if (version != 1)
    return to_text(file);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::size_t at : {std::size_t{1}, std::size_t{0}}) {
    const auto byte = std::to_integer<std::size_t>(file[at]);
    text += digits[byte >> 4];
    text += digits[byte & 0xfU];
  }
  return text;
}

exchange* connection::begin(int version, std::uint16_t command) {
  if (live.size() >= 2 * settings_.limit_live)
    return nullptr;
  if (live.size() >= settings_.limit_live)
    for (std::size_t i = 0; i < live.size(); ++i)
      if (!live[i].is_done()) {
        if (!std::exchange(has_told_of_limit_, true))
          live[i].raise("too_many_transactions");
        live[i].complete();
        break;
      }
  return &live.add(std::make_unique<exchange>(live.next_number(), version, command, dialect));
}

void connection::release(std::uint64_t number) noexcept {
  const auto gone = live.take(number);
  if (!gone)
    return;
  if (const auto* call = gone->get<pipe_call>())
    budget_.give_back(call->what.kept_bytes());
  if (gone->get<file_transfer>() != nullptr)
    --files_;
}

void connection::end(direction way) {
  end_content(way);
  for (std::size_t i = 0; i < live.size(); ++i) {
    auto& one = live[i];
    if (const auto* moved = one.get<file_transfer>();
        moved != nullptr && moved->way != way && !one.is_done(moved->way))
      continue; // its content may still come
    one.complete(way);
    if (way == tc)
      one.complete(ts);
    else if (const auto* moved = one.get<file_transfer>(); moved != nullptr)
      one.complete(tc);
  }
}

std::optional<bool> connection::is_pipe(const handle& file, std::uint32_t tree_id) noexcept {
  if (const auto* open = handles.find(file); open != nullptr && !open->is_guess)
    return open->is_pipe;
  if (const auto* in = trees.find(tree_id))
    return in->is_pipe;
  return std::nullopt;
}

open_file& connection::known(const place& at) {
  if (auto* open = handles.find(at.file))
    return *open;
  open_file made;
  if (const auto* in = trees.find(at.tree_id)) {
    made.share = in->share;
    made.is_pipe = in->is_pipe;
  }
  return handles.put(at.file, std::move(made));
}

exchange* connection::transfer(direction way, const place& at, open_file& of) {
  auto& number = of.transfers[index(way)];
  if (number)
    if (auto* one = live.find(*number); one != nullptr && !one->is_done())
      return one;
  if (files_ >= limit_files)
    for (std::size_t i = 0; i < live.size(); ++i)
      if (live[i].get<file_transfer>() != nullptr && !live[i].is_done()) {
        finish_file(live[i]);
        break;
      }
  auto* one = files_ >= 2 * limit_files ? nullptr : begin(at.version, at.command);
  if (one == nullptr)
    return nullptr;
  ++files_;
  one->session_id = at.session_id;
  one->tree_id = at.tree_id;
  const queue_limits limits =
      way == ts ? queue_limits{settings_.max_write_queue_size, settings_.max_write_queue_count}
                : queue_limits{settings_.max_read_queue_size, settings_.max_read_queue_count};
  file_transfer made{way, shared_file{limits, file_settings_}, of.share, to_text(at.file, at.version)};
  made.file.name = of.name;
  one->carries = std::move(made);
  one->begin(ts);
  one->begin(tc);
  number = one->number();
  return one;
}

std::uint64_t connection::queued_bytes() noexcept {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < live.size(); ++i)
    if (const auto* moved = live[i].get<file_transfer>())
      sum += moved->file.queued_bytes();
  return sum;
}

void connection::remark(exchange& on, direction way, shared_file::remark what) {
  switch (what) {
  case shared_file::remark::none: return;
  case shared_file::remark::overlap: on.raise("file_overlap"); return;
  case shared_file::remark::queue_size_exceeded:
    on.raise(way == ts ? "write_queue_size_exceeded" : "read_queue_size_exceeded");
    return;
  case shared_file::remark::queue_count_exceeded:
    on.raise(way == ts ? "write_queue_cnt_exceeded" : "read_queue_cnt_exceeded");
    return;
  }
}

void connection::begin_content(direction way, const place& at, std::uint64_t size,
                               byte_view first) {
  auto& mine = runs_[index(way)];
  mine = {.to = run::target::none, .exchange = 0, .at = at};
  const auto told = is_pipe(at.file, at.tree_id);
  const bool looks = looks_like_pdu(first);
  auto& of = known(at);
  if (!told) {
    of.is_pipe = looks;
    of.is_guess = false;
  }
  if (of.is_pipe) {
    mine.to = run::target::pipe;
    return;
  }
  const auto limit = way == ts ? settings_.max_write_size : settings_.max_read_size;
  auto* one = transfer(way, at, of);
  if (one == nullptr)
    return;
  if (limit != 0 && size > limit)
    one->raise(way == ts ? "write_request_too_large" : "read_response_too_large");
  mine.to = run::target::file;
  mine.exchange = one->number();
  auto& file = one->get<file_transfer>()->file;
  const bool is_early = at.offset > file.view().total;
  const bool may_wait = !is_early || queued_bytes() + size <= limit_queued_bytes;
  remark(*one, way, file.begin_chunk(at.offset, size, may_wait));
}

void connection::content(direction way, byte_view bytes) {
  auto& mine = runs_[index(way)];
  if (mine.to == run::target::pipe) {
    pipe_bytes(way, mine.at, bytes);
    return;
  }
  if (mine.to == run::target::none)
    return;
  if (auto* one = live.find(mine.exchange); one != nullptr && !one->is_done())
    if (auto* moved = one->get<file_transfer>())
      moved->file.chunk_bytes(bytes);
}

void connection::content_lost(direction way, std::uint64_t size) {
  auto& mine = runs_[index(way)];
  if (mine.to == run::target::pipe) {
    if (auto* of = handles.find(mine.at.file); of != nullptr && of->conversation)
      of->conversation->open[index(way)].clear();
    mine.to = run::target::none;
  } else if (mine.to == run::target::file) {
    if (auto* one = live.find(mine.exchange); one != nullptr && !one->is_done())
      if (auto* moved = one->get<file_transfer>())
        moved->file.chunk_lost(size);
  }
}

void connection::end_content(direction way) {
  auto& mine = runs_[index(way)];
  if (mine.to == run::target::file)
    if (auto* one = live.find(mine.exchange); one != nullptr && !one->is_done())
      if (auto* moved = one->get<file_transfer>())
        moved->file.end_chunk();
  mine.to = run::target::none;
}

void connection::whole_content(direction way, const place& at, byte_view bytes) {
  begin_content(way, at, bytes.size(), bytes);
  content(way, bytes);
  end_content(way);
}

void connection::pipe_message(direction way, const place& at, byte_view bytes) {
  auto& of = known(at);
  of.is_pipe = true;
  of.is_guess = false;
  pipe_bytes(way, at, bytes);
}

/// Puts PDUs together from what goes over the pipe. Bytes that are no PDU are some other service's.
void connection::pipe_bytes(direction way, const place& at, byte_view bytes) {
  auto* of = handles.find(at.file);
  if (of == nullptr)
    return;
  if (!of->conversation)
    of->conversation = std::make_unique<pipe>();
  auto& open = of->conversation->open[index(way)];
  const auto gather = [&](std::size_t wanted) {
    const auto taken = std::min(bytes.size(), wanted - std::min(wanted, open.size()));
    open.insert(open.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(taken));
    bytes = bytes.subspan(taken);
    return open.size() >= wanted;
  };
  while (!bytes.empty()) {
    if (!gather(dcerpc::pdu_header::size_bytes))
      return;
    const auto head = dcerpc::read_header(open);
    if (!head || head->fragment_length > limit_pipe_pdu) {
      open.clear();
      return;
    }
    if (!gather(head->fragment_length))
      return;
    const auto pdu = std::exchange(open, {});
    on_pdu(way, at, *of->conversation, *head, pdu);
  }
}

exchange* connection::find_call(const place& at, const dcerpc::pdu_header& head,
                                bool answer) noexcept {
  const auto handle_text = to_text(at.file, at.version);
  for (std::size_t i = live.size(); i-- > 0;) {
    const auto* call = live[i].get<pipe_call>();
    if (call != nullptr && call->what.id() == head.call_id && call->handle == handle_text &&
        (answer ? call->what.is_answered_by(head.type) : call->what.goes_on_with(head.type)))
      return &live[i];
  }
  return nullptr;
}

void connection::on_pdu(direction, const place& at, pipe& on, const dcerpc::pdu_header& head,
                        byte_view pdu) {
  const bool answer = dcerpc::is_answer(head.type);
  auto* one = find_call(at, head, answer);
  if (one == nullptr) {
    one = begin(at.version, at.command);
    if (one == nullptr)
      return;
    one->session_id = at.session_id;
    one->tree_id = at.tree_id;
    one->carries = pipe_call{dcerpc::call{head.call_id}, to_text(at.file, at.version)};
  }
  auto& call = one->get<pipe_call>()->what;
  if (!answer) {
    call.take_request(head, pdu, on.known, budget_);
    one->begin(ts);
    if (call.is_request_complete())
      one->complete(ts);
    if (head.type == dcerpc::pdu_type::auth3)
      one->complete(tc); // it has no answer
    return;
  }
  call.take_answer(head, pdu, on.known, budget_);
  one->begin(tc);
  if (call.is_answer_complete())
    one->complete();
}

void connection::close(const handle& file) {
  auto* open = handles.find(file);
  if (open == nullptr)
    return;
  for (const auto& number : open->transfers)
    if (number)
      if (auto* one = live.find(*number))
        finish_file(*one);
  handles.erase(file);
}

} // namespace cresset::detect::proto::smb
