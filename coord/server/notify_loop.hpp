#pragma once

#include "coord/delivery/mail_sender.hpp"
#include "coord/notify/notice_desk.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace cresset::coord::server {

/// The thread that tells owners: claims what is due, hands it to the relay, and writes down what
/// became of it. A relay that does not answer holds up this thread alone; what it does not take is
/// tried again, ever later, and in the end counts as failed for everybody to see.
class notify_loop {
public:
  static constexpr std::chrono::seconds look_every{1};
  /// Nobody else takes what this server works on for so long: more than a transfer may last.
  static constexpr std::chrono::seconds lease{300};
  static constexpr int batch_limit = 100;

  /// All outlive the loop.
  notify_loop(notify::notification_repository& notices, const notify::notice_desk& desk,
              delivery::mail_sender& mail);
  ~notify_loop();
  notify_loop(const notify_loop&) = delete;
  notify_loop& operator=(const notify_loop&) = delete;

  const counter& told() const noexcept { return told_; }
  const counter& failed_tries() const noexcept { return failed_tries_; }

private:
  void run();
  incident::result<bool> step();
  /// One message for these, which are one instant notification or the digests of one address.
  incident::result<void> send(const std::vector<notify::notification>& some);

  notify::notification_repository& notices_;
  const notify::notice_desk& desk_;
  delivery::mail_sender& mail_;
  counter told_;
  counter failed_tries_;
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace cresset::coord::server
