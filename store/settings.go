package store

import (
	"context"
	"encoding/json"
	"errors"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// What was asked once, in a file of its own: losing it only means being asked again.

const largestSettings = 64 << 10

// Settings are what was asked once. A file that can't be read only means asking again.
func (s *Store) Settings(context.Context) (connector.Settings, error) {
	var settings connector.Settings
	data, err := disk.ReadBounded(s.settings, largestSettings)
	if err != nil || json.Unmarshal(data, &settings) != nil {
		return connector.Settings{}, nil
	}
	return settings, nil
}

// SetSettings remembers those that are set, and leaves the others as they are: another
// process may have set them since they were read. Errors are *connector.StoreError.
func (s *Store) SetSettings(ctx context.Context, set connector.Settings) error {
	return s.disk.locked(ctx, func() error {
		settings, _ := s.Settings(ctx)
		data, err := json.Marshal(settings.With(set))
		if err == nil {
			err = disk.WriteOwn(s.settings, append(data, '\n'), s.fail)
		}
		err = storeError(s.settings, err)
		var file *connector.StoreError
		if errors.As(err, &file) {
			if file.Where = s.settings; file.Why == connector.StoreOther || file.Why == connector.StoreNotPlain {
				file.Why = connector.StoreSettings
			}
		}
		return err
	})
}
