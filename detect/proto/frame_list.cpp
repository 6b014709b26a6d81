#include "detect/proto/frame_list.hpp"

#include <algorithm>

namespace cresset::detect::proto {

void frame_list::grow(frame& one, byte_view bytes) {
  const auto have = static_cast<std::uint64_t>(one.bytes.size());
  // bytes over the limit were not retained: then the size no longer says where the frame ends
  auto wanted = std::uint64_t{bytes.size()};
  if (one.length)
    wanted = std::min(wanted, *one.length - std::min(*one.length, have));
  const auto room = limit_bytes - std::min<std::size_t>(limit_bytes, one.bytes.size());
  const auto kept = bytes.first(std::min<std::size_t>(static_cast<std::size_t>(wanted), room));
  one.bytes.insert(one.bytes.end(), kept.begin(), kept.end());
  if (one.length && one.bytes.size() >= *one.length)
    one.is_complete = one.is_over = true;
  else if (one.bytes.size() >= limit_bytes)
    one.is_over = true;
}

void frame_list::take(direction way, byte_view bytes) {
  if (!awake_)
    return;
  auto& mine = halves_[index(way)];
  if (of_datagrams_) {
    mine.begin = 0;
  } else {
    mine.begin += mine.now.size();
    auto& before = mine.before;
    before.insert(before.end(), mine.now.begin(), mine.now.end());
    if (before.size() > look_back_bytes)
      before.erase(before.begin(), before.end() - static_cast<std::ptrdiff_t>(look_back_bytes));
  }
  mine.now.assign(bytes.begin(), bytes.end());
  for (auto& one : frames_)
    if (one.way == way && !one.is_over)
      grow(one, bytes);
}

void frame_list::skip(direction way, std::uint64_t size) {
  if (!awake_)
    return;
  end(way);
  auto& mine = halves_[index(way)];
  mine.begin += mine.now.size() + size;
  mine.now.clear();
  mine.before.clear();
}

void frame_list::end(direction way) {
  for (auto& one : frames_)
    if (one.way == way)
      one.is_over = true;
}

std::uint64_t frame_list::open(direction way, std::string_view type, std::int64_t at,
                               std::optional<std::uint64_t> length,
                               std::optional<std::uint64_t> transaction) {
  if (!awake_)
    return 0;
  auto& mine = halves_[index(way)];
  if (frames_.size() >= limit_frames ||
      at < -static_cast<std::int64_t>(std::min<std::uint64_t>(mine.before.size(), mine.begin)) ||
      at > static_cast<std::int64_t>(mine.now.size())) {
    ++refused_;
    return 0;
  }
  frame one;
  one.type = type;
  one.way = way;
  one.id = next_id_++;
  one.offset = static_cast<std::uint64_t>(static_cast<std::int64_t>(mine.begin) + at);
  one.length = length;
  one.transaction = transaction;
  if (at < 0)
    grow(one, byte_view{mine.before}.last(static_cast<std::size_t>(-at)));
  if (!one.is_over)
    grow(one, byte_view{mine.now}.subspan(static_cast<std::size_t>(std::max<std::int64_t>(at, 0))));
  if (length && *length == 0)
    one.is_complete = one.is_over = true;
  frames_.push_back(std::move(one));
  return frames_.back().id;
}

frame* frame_list::find_open(std::uint64_t id) noexcept {
  const auto found =
      std::find_if(frames_.begin(), frames_.end(), [id](const frame& one) { return one.id == id; });
  return found == frames_.end() || found->length ? nullptr : &*found;
}

void frame_list::close(std::uint64_t id, std::int64_t at) {
  auto* one = find_open(id);
  if (one == nullptr)
    return;
  const auto end = static_cast<std::int64_t>(halves_[index(one->way)].begin) + at;
  const auto length = std::max<std::int64_t>(end - static_cast<std::int64_t>(one->offset), 0);
  one->length = static_cast<std::uint64_t>(length);
  if (one->bytes.size() >= *one->length) {
    one->bytes.resize(static_cast<std::size_t>(*one->length));
    one->is_complete = true;
  }
  one->is_over = true;
}

void frame_list::assign(std::uint64_t id, std::uint64_t transaction) {
  for (auto& one : frames_)
    if (one.id == id)
      one.transaction = transaction;
}

bool frame_list::awaits(std::uint64_t transaction) const noexcept {
  return std::any_of(frames_.begin(), frames_.end(), [&](const frame& one) {
    return one.transaction == transaction && !one.is_inspected;
  });
}

void frame_list::sweep() {
  std::erase_if(frames_, [](const frame& one) { return one.is_over && one.is_inspected; });
}

} // namespace cresset::detect::proto
