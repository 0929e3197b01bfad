#!/bin/bash
# 灰度切换脚本
# The founding document's script, word for word, but for two lines: INTERVAL was 60, and the comment
# "aliyun slb SetBackendServers ..." has become a call, because a comment moves no traffic.

OLD_WEIGHT=100
NEW_WEIGHT=0
STEP=10
INTERVAL=${INTERVAL:-60} # 每步等待时间(秒)

while [ $OLD_WEIGHT -gt 0 ]; do
  echo "Setting weights: old=$OLD_WEIGHT, new=$NEW_WEIGHT"

  # 调用云厂商 API 设置权重
  set_backend_weights $OLD_WEIGHT $NEW_WEIGHT

  # 检查错误率
  ERROR_RATE=$(get_error_rate)
  if [ "$ERROR_RATE" -gt 1 ]; then
    echo "Error rate too high, rolling back!"
    # 回滚逻辑
    exit 1
  fi

  OLD_WEIGHT=$((OLD_WEIGHT - STEP))
  NEW_WEIGHT=$((NEW_WEIGHT + STEP))
  sleep $INTERVAL
done

echo "Migration complete!"
