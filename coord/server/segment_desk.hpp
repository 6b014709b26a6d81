#pragma once

#include "coord/api/segment/segment_routes.hpp"
#include "coord/incident/address_book.hpp"
#include "coord/store/segment/segment_store.hpp"

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace cresset::coord::server {

/// Keeps the table of addresses in step with the registry: read at start, and made anew within a
/// second of a change (by whichever server or command) and at the turn of a day, because records
/// hold on their days. Any thread.
class segment_desk {
public:
  static constexpr std::chrono::seconds refresh_every{1};

  /// The pool outlives the desk. Throws std::runtime_error with one line when the registry cannot
  /// be read.
  explicit segment_desk(store::connection_pool& pool);
  ~segment_desk();
  segment_desk(const segment_desk&) = delete;
  segment_desk& operator=(const segment_desk&) = delete;

  store::segment::segment_store& registry() noexcept { return registry_; }
  const incident::address_books& books() const noexcept { return books_; }
  /// Before the server starts.
  void install(http::router& routes) {
    api::segment::install(routes, {registry_, books_, uploads_, [this] { hurry(); }});
  }
  /// Looks for changes now.
  void hurry();

private:
  void run();
  incident::result<void> refresh();

  store::segment::segment_store registry_;
  incident::address_books books_;
  api::segment::upload_shelf uploads_;
  segment::change_set_id seen_{-1};
  segment::day made_on_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  bool hurried_ = false;
  std::thread thread_;
};

} // namespace cresset::coord::server
