#include "detect/uplink/outbox_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace cresset::detect::uplink {
namespace {

constexpr std::array<char, 8> mark{'c', 'r', 's', 'l', 'e', 'd', 'g', '1'};

} // namespace

struct outbox_ledger::page {
  std::array<char, 8> magic;
  count open;
  count raised;
  count spooled;
  count refused;
  alert::epoch_id epoch;
  std::uint64_t next_at_start;
  kill_losses losses;
};

expected<outbox_ledger, std::string> outbox_ledger::open(const std::filesystem::path& folder,
                                                         const spool_position& spooled) {
  static_assert(sizeof(page) == 96 && sizeof(page) <= file_bytes);
  const auto file = folder / file_name;
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  const auto fail = [&](int why) {
    if (fd >= 0)
      ::close(fd);
    return unexpected{fmt::format("spool {}: {} cannot be used: {}; free space, or give the "
                                  "sensor's user this folder",
                                  folder.string(), file_name, std::strerror(why))};
  };
  if (fd < 0)
    return fail(errno);
  if (const int why = ::posix_fallocate(fd, 0, file_bytes); why != 0)
    return fail(why);
  void* const mapped = ::mmap(nullptr, file_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (mapped == MAP_FAILED)
    return fail(errno);
  ::close(fd);
  outbox_ledger ledger{static_cast<page*>(mapped)};
  ledger.settle(spooled);
  return ledger;
}

outbox_ledger outbox_ledger::in_memory() {
  void* const mapped =
      ::mmap(nullptr, file_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED)
    throw std::bad_alloc{};
  return outbox_ledger{static_cast<page*>(mapped)};
}

outbox_ledger::outbox_ledger(outbox_ledger&& other) noexcept
    : page_{std::exchange(other.page_, nullptr)} {}

outbox_ledger::~outbox_ledger() {
  if (page_ != nullptr)
    ::munmap(page_, file_bytes);
}

void outbox_ledger::settle(const spool_position& spooled) noexcept {
  page& p = *page_;
  if (p.magic != mark) {
    std::memset(static_cast<void*>(page_), 0, file_bytes);
    p.magic = mark;
  } else if (p.open.load() != 0) {
    auto kept = p.spooled.load();
    if (p.epoch.bytes == spooled.epoch.bytes && spooled.next >= p.next_at_start)
      kept = std::max(kept, spooled.next - p.next_at_start);
    const auto settled = kept + p.refused.load();
    const auto raised = p.raised.load();
    ++p.losses.kills;
    p.losses.last_lost = raised - std::min(raised, settled);
    p.losses.lost += p.losses.last_lost;
    p.losses.most_lost = std::max(p.losses.most_lost, p.losses.last_lost);
  }
  // Not yet open while the counts are put back: a kill in here costs nothing.
  p.open.store(0);
  p.raised.store(0);
  p.spooled.store(0);
  p.refused.store(0);
  p.epoch = spooled.epoch;
  p.next_at_start = spooled.next;
  p.open.store(1);
}

outbox_ledger::count& outbox_ledger::raised() noexcept {
  return page_->raised;
}

outbox_ledger::count& outbox_ledger::spooled() noexcept {
  return page_->spooled;
}

outbox_ledger::count& outbox_ledger::refused() noexcept {
  return page_->refused;
}

void outbox_ledger::finish() noexcept {
  page_->open.store(0);
}

kill_losses outbox_ledger::losses() const noexcept {
  return page_->losses;
}

} // namespace cresset::detect::uplink
