#include "detect/proto/nfs/connection.hpp"

#include <algorithm>
#include <utility>

namespace cresset::detect::proto::nfs {
namespace {

constexpr auto ts = direction::to_server;
constexpr auto tc = direction::to_client;

std::string text_of(byte_view handle) {
  return std::string{as_text(handle).substr(0, connection::limit_handle_bytes)};
}
std::string cut(std::string_view name) {
  return std::string{name.substr(0, connection::limit_name_bytes)};
}

bool is_version(std::uint32_t version) noexcept {
  return version >= 2 && version <= 4;
}

void finish_transfer(exchange& one) {
  one.transfer->file.close();
  one.complete();
}

/// Puts a chunk in its place; what a cut message has lost of it is a hole.
void add_chunk(exchange& one, std::uint32_t xid, std::uint64_t offset, byte_view content,
               std::uint64_t size) {
  auto& to = *one.transfer;
  to.has_first = to.has_first || offset == 0;
  to.last_xid = xid;
  ++to.chunks;
  to.file.begin_chunk(offset, size);
  to.file.chunk_bytes(content);
  if (content.size() < size)
    to.file.chunk_lost(size - content.size());
  to.file.end_chunk();
}

/// What a call asks for; empty where that is encrypted. Nothing for one that is malformed.
std::optional<compound> operations_of(const rpc_call& call, bool is_cut) {
  const bool is_hidden = call.kept == protection::privacy || call.kept == protection::handshake;
  if (call.version == 4 && call.procedure == 1 && !is_hidden)
    return read_compound(call.arguments, is_cut);
  compound made;
  if (call.version == 4 || is_hidden)
    return made;
  if (const auto read = read_operation(call.version, call.procedure, call.arguments, is_cut))
    made.operations.push_back(*read);
  else if (!is_cut)
    return std::nullopt;
  return made;
}

operation without_bytes(const operation& one) noexcept {
  operation made;
  made.number = one.number;
  made.what = one.what;
  made.offset = one.offset;
  return made;
}

} // namespace

bool connection::message(direction way, byte_view message, bool is_cut) {
  const auto calls = is_call(message);
  if (!calls)
    return is_cut;
  if (*calls) {
    const auto call = read_call(message);
    return call ? on_call(*call, is_cut) : is_cut;
  }
  const auto reply = read_reply(message);
  return reply ? way == ts || on_reply(*reply, is_cut) : is_cut;
}

bool connection::on_call(const rpc_call& call, bool is_cut) {
  if (call.program != nfs_program || !is_version(call.version))
    return true; // another service of the same host, or a server that calls its client back
  if (waiting_.find(call.xid) != nullptr)
    return true; // sent again
  const auto all = operations_of(call, is_cut);
  if (!all) {
    on_malformed(ts, call.version, call.procedure);
    return true;
  }
  waiting_call waits{.version = call.version, .kept = call.kept, .who = call.who, .operations = {}};
  for (const auto& one : all->operations) {
    waits.operations.push_back({without_bytes(one), text_of(one.handle), cut(one.name)});
    if (one.what == deed::writes)
      on_write(call, one);
  }
  operation unread;
  unread.number = call.procedure;
  const auto& main = all->main() == nullptr ? unread : *all->main();
  if (main.what != deed::reads && main.what != deed::writes)
    if (auto* one = begin_call(call, main)) {
      if (call.version == 4)
        for (const auto& each : all->operations)
          one->operations.push_back(each.number);
      waits.exchange = one->number();
    }
  waiting_.put(call.xid, std::move(waits));
  return true;
}

exchange* connection::begin(std::uint32_t version, std::uint32_t operation) {
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
  return &live.add(std::make_unique<exchange>(live.next_number(), version, operation));
}

exchange* connection::begin_call(const rpc_call& call, const operation& main) {
  auto* one = begin(call.version, main.number);
  if (one == nullptr)
    return nullptr;
  one->xid = call.xid;
  one->who = call.who;
  one->handle = text_of(main.handle);
  one->file_name = main.name.empty() ? name_of(main.handle) : cut(main.name);
  one->to_name = cut(main.to_name);
  one->complete(ts);
  return one;
}

void connection::on_malformed(direction way, std::uint32_t version, std::uint32_t operation) {
  if (auto* one = begin(version, operation)) {
    one->is_understood = false;
    one->raise("malformed_data");
    one->begin(way);
    one->complete();
  }
}

bool connection::on_reply(const rpc_reply& reply, bool is_cut) {
  auto* found = waiting_.find(reply.xid);
  if (found == nullptr)
    return true; // its call was not seen
  auto call = std::move(*found);
  waiting_.erase(reply.xid);
  if (auto* own = call.exchange ? live.find(*call.exchange) : nullptr)
    own->is_accepted = reply.is_accepted;
  const auto results = reply.is_success ? unwrap(reply.results, call.kept) : std::nullopt;
  if (!results || call.operations.empty()) {
    if (auto* own = call.exchange ? live.find(*call.exchange) : nullptr)
      own->complete();
    return true;
  }
  bool is_read = true;
  if (call.version == 4) {
    if (const auto read = read_compound_outcome(*results, is_cut))
      on_outcomes(reply, call, read->status, read->outcomes);
    else
      is_read = false;
  } else {
    const auto& what = call.operations.front();
    if (const auto read = read_outcome(call.version, what.what, *results, is_cut)) {
      on_outcomes(reply, call, read->status, {*read});
      constexpr std::uint32_t readdirplus = 17;
      if (call.version == 3 && what.what.number == readdirplus)
        for (const auto& [name, handle] : read_directory(*results, limit_names))
          learn(handle, name);
    } else {
      is_read = is_cut;
    }
  }
  if (!is_read)
    on_malformed(tc, call.version, call.operations.front().what.number);
  return true;
}

void connection::on_outcomes(const rpc_reply& reply, waiting_call& call, std::uint32_t status,
                             const std::vector<outcome>& outcomes) {
  const auto count = std::min(outcomes.size(), call.operations.size());
  for (std::size_t i = 0; i < count; ++i)
    on_outcome(reply, call, call.operations[i], outcomes[i]);
  if (auto* own = call.exchange ? live.find(*call.exchange) : nullptr) {
    const bool is_null = call.operations.front().what.number == 0;
    own->status = is_null ? std::nullopt : std::optional{status};
    own->complete();
  }
}

void connection::on_outcome(const rpc_reply& reply, const waiting_call& call, const asked& what,
                            const outcome& said) {
  switch (what.what.what) {
  case deed::names:
    if (said.status == 0 && !what.name.empty())
      learn(said.handle, what.name);
    return;
  case deed::reads: return on_read(reply, call, what, said);
  case deed::writes: {
    auto* open = open_.find(what.handle);
    auto* one = open != nullptr && (*open)[index(ts)] ? live.find(*(*open)[index(ts)]) : nullptr;
    if (one != nullptr && !one->is_done()) {
      one->is_accepted = reply.is_accepted;
      one->status = said.status;
    }
    return;
  }
  case deed::commits: return close(ts, what.handle);
  case deed::closes: close(ts, what.handle); return close(tc, what.handle);
  case deed::other:
  case deed::renames: return;
  }
}

void connection::on_write(const rpc_call& call, const operation& what) {
  auto* one = transfer(ts, call.version, what.number, text_of(what.handle));
  if (one == nullptr)
    return;
  one->who = call.who;
  one->xid = call.xid;
  add_chunk(*one, call.xid, what.offset, what.content, what.content_size);
}

void connection::on_read(const rpc_reply& reply, const waiting_call& call, const asked& what,
                         const outcome& said) {
  auto* one = transfer(tc, call.version, what.what.number, what.handle);
  if (one == nullptr)
    return;
  one->who = call.who;
  one->xid = reply.xid;
  one->is_accepted = reply.is_accepted;
  one->status = said.status;
  if (!said.has_content) {
    finish_transfer(*one);
    return;
  }
  add_chunk(*one, reply.xid, what.what.offset, said.content, said.content_size);
  const auto behind = what.what.offset + said.content_size;
  if (said.is_end || (said.file_size && behind >= *said.file_size)) {
    one->transfer->has_last = true;
    // replies may overtake each other: what is missing may still come
    if (one->transfer->file.queued_bytes() == 0)
      finish_transfer(*one);
  } else if (one->transfer->has_last && one->transfer->file.queued_bytes() == 0) {
    finish_transfer(*one);
  }
}

/// The exchange in which the content of this handle crosses the wire.
exchange* connection::transfer(direction way, std::uint32_t version, std::uint32_t operation,
                               const std::string& handle) {
  auto* open = open_.find(handle);
  if (open != nullptr && (*open)[index(way)])
    if (auto* one = live.find(*(*open)[index(way)]); one != nullptr && !one->is_done())
      return one;
  if (live_files_ >= limit_open)
    for (std::size_t i = 0; i < live.size(); ++i)
      if (live[i].transfer && !live[i].is_done()) {
        finish_transfer(live[i]);
        break;
      }
  auto* one = live_files_ >= 2 * limit_open ? nullptr : begin(version, operation);
  if (one == nullptr)
    return nullptr;
  ++live_files_;
  one->handle = handle;
  one->file_name = name_of(as_bytes(handle));
  one->transfer.emplace(file_transfer{
      .way = way, .file = shared_file{{limit_queued_bytes, limit_queued_chunks}, files_}});
  one->begin(ts);
  one->begin(tc);
  auto known = open != nullptr ? *open : transfers{};
  known[index(way)] = one->number();
  open_.put(handle, known);
  return one;
}

void connection::close(direction way, const std::string& handle) {
  auto* open = open_.find(handle);
  if (open == nullptr || !(*open)[index(way)])
    return;
  if (auto* one = live.find(*std::exchange((*open)[index(way)], std::nullopt));
      one != nullptr && !one->is_done()) {
    one->transfer->has_last = true;
    finish_transfer(*one);
  }
}

void connection::learn(byte_view handle, std::string_view name) {
  if (!handle.empty() && handle.size() <= limit_handle_bytes)
    names_.put(text_of(handle), cut(name));
}

std::string connection::name_of(byte_view handle) {
  const auto* name = names_.find(text_of(handle));
  return name == nullptr ? std::string{} : *name;
}

void connection::release(std::uint64_t number) noexcept {
  const auto gone = live.take(number);
  if (gone && gone->transfer)
    --live_files_;
}

void connection::end(direction way) {
  for (std::size_t i = 0; i < live.size(); ++i) {
    auto& one = live[i];
    if (one.is_done())
      continue;
    if (one.transfer && one.transfer->way != way)
      continue; // its content may still come
    if (one.transfer)
      finish_transfer(one);
    else
      one.complete(way);
  }
}

} // namespace cresset::detect::proto::nfs
