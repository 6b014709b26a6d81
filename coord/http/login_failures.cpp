#include "coord/http/login_failures.hpp"

#include <algorithm>

namespace cresset::coord::http {

namespace {

/// A name is what a stranger typed: only its start is kept. Zero bytes part the fields, and no
/// address holds one.
constexpr std::size_t kept_name_bytes = 64;

std::string of_name(std::string_view name) {
  return "n" + std::string{name.substr(0, kept_name_bytes)};
}
std::string of_peer(std::string_view peer) {
  return "p" + std::string{peer};
}
std::string of_both(std::string_view name, std::string_view peer) {
  return "b" + std::string{peer} + '\0' + std::string{name.substr(0, kept_name_bytes)};
}

} // namespace

std::chrono::seconds login_failures::wait(std::string_view name, std::string_view peer,
                                          time_point at) const {
  return std::max({wait_of(of_both(name, peer), limits_.failures_name_and_peer, at),
                   wait_of(of_peer(peer), limits_.failures_peer, at),
                   wait_of(of_name(name), limits_.failures_name, at)});
}

void login_failures::count(std::string_view name, std::string_view peer, time_point at) {
  raise(of_both(name, peer), at);
  raise(of_peer(peer), at);
  raise(of_name(name), at);
}

void login_failures::count_peer(std::string_view peer, time_point at) {
  raise(of_peer(peer), at);
}

void login_failures::forget(std::string_view name, std::string_view peer) {
  entries_.erase(of_both(name, peer));
  entries_.erase(of_name(name));
}

std::chrono::seconds login_failures::wait_of(const std::string& key, unsigned limit,
                                             time_point at) const {
  const auto found = entries_.find(key);
  if (found == entries_.end() || found->second.failures < limit)
    return std::chrono::seconds{0};
  const unsigned doublings = std::min(found->second.failures - limit, 20U);
  const auto whole = std::min(limits_.longest_wait, limits_.first_wait * (1U << doublings));
  const auto passed = std::chrono::floor<std::chrono::seconds>(at - found->second.last);
  return std::max(std::chrono::seconds{0}, whole - passed);
}

void login_failures::raise(const std::string& key, time_point at) {
  const auto found = entries_.find(key);
  if (found != entries_.end()) {
    // Quiet for twice the longest wait: a new day.
    if (at - found->second.last > 2 * limits_.longest_wait)
      found->second.failures = 0;
    ++found->second.failures;
    found->second.last = at;
    return;
  }
  if (entries_.size() >= limits_.tracked_failures)
    entries_.erase(
        std::ranges::min_element(entries_, {}, [](const auto& e) { return e.second.last; }));
  entries_[key] = {1, at};
}

} // namespace cresset::coord::http
